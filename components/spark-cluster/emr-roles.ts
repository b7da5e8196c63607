import * as pulumi from "@pulumi/pulumi";
import { groupOwner, type Environment } from "../environment";
import { ownerShares } from "../owner-shares";
import { sampleKeyArn } from "../policy-parts";
import { declareEmrRole, type DeclaredRole } from "./emr-role";
import { nodesRole } from "./places";
import { serviceStatements } from "./policies";

export interface EmrRolesArgs {
  readonly environment: Environment;
  readonly lake: { readonly keys: { readonly lake: { readonly arn: pulumi.Input<string> } } };
}

/** The roles under which EMR makes the clusters of runs: one serves the groups of an owner. */
export class EmrRoles extends pulumi.ComponentResource {
  /** By group. */
  readonly byGroup: Readonly<Record<string, DeclaredRole>>;

  constructor(name: string, { environment, lake }: EmrRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:index:EmrRoles", name, {}, opts);
    const { names, capacity } = environment;
    const groups = capacity.clusters.map((group) => ({
      group: group.name,
      owner: groupOwner(environment, group),
      nodesRoleArn: names.arn("iam", `role/${names.inAccount(nodesRole(group.name))}`),
    }));
    const arnsOf = (items: readonly (typeof groups)[number][]): string[] =>
      items.map(({ nodesRoleArn }) => nodesRoleArn);
    const shares = ownerShares(groups, (items) => serviceStatements(arnsOf(items), sampleKeyArn(names)));
    const entries = shares.flatMap(({ owner, number, items }) => {
      const role = declareEmrRole(
        `${name}-${owner}-${number}`,
        {
          environment,
          role: `emr-service-${owner}-${number}`,
          purpose: `the clusters of ${owner}`,
          nodesRoleArns: arnsOf(items),
          lakeKeyArn: lake.keys.lake.arn,
          tags: { "basin:owner": owner },
        },
        { parent: this },
      );
      return items.map(({ group }) => [group, role] as const);
    });
    this.byGroup = Object.fromEntries(entries);
    this.registerOutputs({});
  }
}
