import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment";
import { policyDocument, type PolicyDocument, type Statement } from "./policy-document";

export interface ServiceRoleArgs {
  readonly environment: Environment;
  /** Last part of the role's name. Keys match roles by their names, so every role begins with the stack's. */
  readonly role: string;
  readonly description: string;
  /** Who assumes it: usually `serviceTrust(…)`. */
  readonly trust: PolicyDocument;
  /** What it may do; an output where it names what only a deployment knows. */
  readonly statements: pulumi.Input<readonly Statement[]>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A role for a service, with one policy of its own. Depend on `ready`: a role without its policy can do nothing yet. */
export function declareServiceRole(
  name: string,
  args: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): { role: iam.Role; ready: pulumi.Resource[] } {
  const { environment, role: suffix, trust, tags, description } = args;
  const roleName = environment.names.inAccount(suffix);
  const role = new iam.Role(
    name,
    {
      name: roleName,
      description,
      assumeRolePolicy: JSON.stringify(trust),
      tags,
    },
    opts,
  );
  const policy = new iam.Policy(
    `${name}-policy`,
    {
      name: environment.names.inAccount(suffix, 128),
      policy: pulumi.output(args.statements).apply((statements) => JSON.stringify(policyDocument(statements))),
      tags,
    },
    opts,
  );
  const attachment = new iam.RolePolicyAttachment(
    `${name}-attachment`,
    { role: role.name, policyArn: policy.arn },
    opts,
  );
  return { role, ready: [role, policy, attachment] };
}
