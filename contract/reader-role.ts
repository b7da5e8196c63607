import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { ReaderReference } from "./dataset";
import { ownAccount } from "./own-account";

export interface ReaderPolicyArgs {
  readonly reader: ReaderReference;
}

/**
 * A policy that lets whoever has it assume the platform's reader role, and nothing else. The external id is sent by the
 * caller: `reader.externalId`.
 *
 * @example new ReaderPolicy("flights", { reader: flights.reader("fleet-planning") })
 */
export class ReaderPolicy extends pulumi.ComponentResource {
  readonly policy: iam.Policy;
  readonly arn: pulumi.Output<string>;

  /** The deployment fails with a ContractError in an account that is not the consumer's. */
  constructor(name: string, { reader }: ReaderPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:contract:ReaderPolicy", name, {}, opts);
    const certain = pulumi.all([ownAccount(reader, this), reader.roleArn]);
    this.policy = new iam.Policy(
      `${name}-policy`,
      {
        description: `${reader.consumer} assumes its reader role of the platform`,
        policy: certain.apply(([, roleArn]) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Sid: "AssumeReader", Effect: "Allow", Action: "sts:AssumeRole", Resource: roleArn }],
          }),
        ),
      },
      { parent: this },
    );
    this.arn = this.policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

export interface ReaderRoleArgs extends ReaderPolicyArgs {
  /** Who of your account has the role, as IAM's trust policy. */
  readonly assumeRolePolicy: pulumi.Input<string>;
}

/**
 * A role of yours that may assume the platform's reader role. It has the name that the platform expects, where it lets
 * in one role alone.
 *
 * @example new ReaderRole("reporting", { reader: flights.reader("fleet-planning"), assumeRolePolicy: lambdaTrust })
 */
export class ReaderRole extends pulumi.ComponentResource {
  readonly role: iam.Role;
  readonly arn: pulumi.Output<string>;

  /** The deployment fails with a ContractError in an account that is not the consumer's. */
  constructor(name: string, { reader, assumeRolePolicy }: ReaderRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:contract:ReaderRole", name, {}, opts);
    const { policy } = new ReaderPolicy(name, { reader }, { parent: this });
    const expected = reader.role.apply((role) => (role === undefined ? undefined : nameAndPath(role)));
    this.role = new iam.Role(
      `${name}-role`,
      {
        name: expected.apply((role) => role?.name),
        path: expected.apply((role) => role?.path ?? "/"),
        description: `Reads the lake as ${reader.consumer}`,
        assumeRolePolicy,
      },
      { parent: this },
    );
    new iam.RolePolicyAttachment(
      `${name}-attachment`,
      { role: this.role.name, policyArn: policy.arn },
      { parent: this },
    );
    this.arn = this.role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** `team/reporting` → path `/team/`, name `reporting`. */
function nameAndPath(role: string): { name: string; path: string } {
  const cut = role.lastIndexOf("/");
  return { name: role.slice(cut + 1), path: cut < 0 ? "/" : `/${role.slice(0, cut).replace(/^\//, "")}/` };
}
