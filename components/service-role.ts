import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../declarations/faults";
import type { Environment } from "./environment";
import { POLICIES_A_ROLE, policyParts } from "./policy-parts";
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
  /**
   * The same with stand-ins of equal length for what only a deployment knows; where the statements may be longer than
   * one policy, this says how many there will be.
   */
  readonly sample?: readonly Statement[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A role for a service, with policies of its own: one, where `sample` does not say that it takes more. Depend on `ready`: a role without its policy can do nothing yet. */
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
  const count = args.sample === undefined ? 1 : policyParts(args.sample).length;
  requireRoom(roleName, count);
  const parts = pulumi
    .output(args.statements)
    .apply((statements) => (count === 1 ? [statements] : policyParts(statements)));
  const policies = Array.from({ length: count }, (_, index) => {
    const number = index === 0 ? "" : `-${index + 1}`;
    const policy = new iam.Policy(
      `${name}-policy${number}`,
      {
        name: environment.names.inAccount(`${suffix}${number}`, 128),
        policy: parts.apply((known) => JSON.stringify(policyDocument(known[index] ?? []))),
        tags,
      },
      opts,
    );
    const attachment = new iam.RolePolicyAttachment(
      `${name}-attachment${number}`,
      { role: role.name, policyArn: policy.arn },
      opts,
    );
    return [policy, attachment];
  });
  return { role, ready: [role, ...policies.flat()] };
}

function requireRoom(role: string, found: number): void {
  if (found <= POLICIES_A_ROLE) return;
  const message = "needs more policies than one role holds: too many datasets depend on each other";
  refuse([{ where: `role ${role}`, message, found, allowed: `at most ${POLICIES_A_ROLE}` }]);
}
