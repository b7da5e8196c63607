import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { serviceTrust } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { serviceStatements } from "./policies";

export interface DeclaredRole {
  readonly role: iam.Role;
  readonly ready: pulumi.Resource[];
}

export interface EmrRoleArgs {
  readonly environment: Environment;
  /** Last part of its name. */
  readonly role: string;
  readonly purpose: string;
  /** Roles of the nodes that it may start. */
  readonly nodesRoleArns: pulumi.Input<string | readonly string[]>;
  readonly lakeKeyArn: pulumi.Input<string>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The role under which EMR itself makes clusters. */
export function declareEmrRole(name: string, args: EmrRoleArgs, opts: pulumi.CustomResourceOptions): DeclaredRole {
  const { environment, role, purpose, tags } = args;
  const { names, settings } = environment;
  const declared = declareServiceRole(
    name,
    {
      environment,
      role,
      description: `EMR, for ${purpose}`,
      trust: serviceTrust("elasticmapreduce.amazonaws.com", settings.accountId, names.arn("elasticmapreduce", "*")),
      statements: pulumi
        .all([args.nodesRoleArns, args.lakeKeyArn])
        .apply(([nodesArns, keyArn]) => serviceStatements(nodesArns, keyArn)),
      tags,
    },
    opts,
  );
  const managed = new iam.RolePolicyAttachment(
    `${name}-managed`,
    { role: declared.role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2" },
    opts,
  );
  return { role: declared.role, ready: [...declared.ready, managed] };
}
