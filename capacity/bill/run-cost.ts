import type { ClusterSize, RunSize } from "../sizes";
import { amount } from "../prices";
import { fleetPrices, usedSeconds, wholeLines } from "./clusters";
import type { NodeScope } from "./line";

/** USD a month that a group's runs are expected to cost: what sizes are compared by. 0 without prices. */
export function monthlyOfCluster(scope: NodeScope, cluster: ClusterSize, runs: readonly RunSize[]): number {
  const { items } = scope.prices;
  const byDataset = new Map(runs.map((run) => [run.dataset, run]));
  return cluster.cadences.reduce((total, cadence) => {
    const fleets = fleetPrices(scope, cadence);
    if (!fleets) return total;
    const due = cadence.datasets.flatMap((name) => byDataset.get(name) ?? []);
    return wholeLines(cluster, cadence, fleets, usedSeconds(due)).reduce((sum, { quantity, price }) => {
      if (typeof price !== "string") return sum + quantity.expected * price.value;
      const known = items[price];
      return known ? sum + amount(known, quantity.expected) : sum;
    }, total);
  }, 0);
}
