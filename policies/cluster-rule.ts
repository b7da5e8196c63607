import { CLUSTER_SOURCES, clustersOf, type DeclaredCluster } from "./models/clusters";
import type { Enforcements, Finding, Group, Limits, Rule, Subject } from "./rule";
import type { StackView } from "./stack-view";

export interface ClusterRule {
  readonly name: string;
  readonly group: Group;
  readonly description: string;
  readonly enforcement?: Enforcements;
  readonly limits?: Rule["limits"];
  readonly check: (cluster: DeclaredCluster, subject: Subject, stack: StackView, limits: Limits) => Iterable<Finding>;
}

/** A rule about clusters, wherever they are declared: as resources, and as states of state machines. */
export function clusterRule({ check, enforcement = "mandatory", ...rule }: ClusterRule): Rule {
  return {
    ...rule,
    enforcement,
    types: CLUSTER_SOURCES,
    scope: "stack",
    *check(subject, stack, limits) {
      for (const cluster of clustersOf(subject)) yield* check(cluster, subject, stack, limits);
    },
  };
}
