import type { Settings } from "../../stacks/settings";
import { amount, referencePrices, type PriceList } from "../prices";
import type { ClusterSize, RunSize } from "../sizes";
import { clusterLines, fleetPrices, usedSeconds, wholeLines } from "./clusters";
import type { Line, NodeScope, PricedResource } from "./line";

/** Whose lines these are does not matter where only their sum does. */
export const NOBODY: PricedResource = { urn: "", type: "", inputs: {} };

/** Prices for choosing the cheaper of two, where the region has none of its own. */
export function choosingScope(settings: Settings): NodeScope {
  return { prices: referencePrices(settings.region), environment: { settings } };
}

/** What lines are expected to cost. USD. */
export function total(lines: readonly Pick<Line, "price" | "quantity">[], { items }: PriceList): number {
  return lines.reduce((sum, { price, quantity }) => {
    if (typeof price !== "string") return sum + quantity.expected * price.value;
    const known = items[price];
    return known ? sum + amount(known, quantity.expected) : sum;
  }, 0);
}

/** USD a month that a group's runs are expected to cost: what sizes are compared by. 0 without prices. */
export function monthlyOfCluster(scope: NodeScope, cluster: ClusterSize, runs: readonly RunSize[]): number {
  const byDataset = new Map(runs.map((run) => [run.dataset, run]));
  return cluster.cadences.reduce((sum, cadence) => {
    const fleets = fleetPrices(scope, cadence);
    if (!fleets) return sum;
    const due = cadence.datasets.flatMap((name) => byDataset.get(name) ?? []);
    return sum + total(wholeLines(cluster, cadence, fleets, usedSeconds(due)), scope.prices);
  }, 0);
}

/**
 * What groups' clusters cost a month, as the bill counts them. USD.
 *
 * @param only the part of one dataset
 */
export function clustersMonthly(
  { clusters, runs }: { readonly clusters: readonly ClusterSize[]; readonly runs: readonly RunSize[] },
  settings: Settings,
  only?: string,
): number {
  const scope = choosingScope(settings);
  if (only === undefined) return clusters.reduce((sum, each) => sum + monthlyOfCluster(scope, each, runs), 0);
  const billed = { ...scope, runs: new Map(runs.map((run) => [run.dataset, run])) };
  const lines = clusters.flatMap((cluster) => clusterLines(billed, NOBODY, cluster).lines);
  return total(
    lines.filter(({ dataset }) => dataset === only),
    scope.prices,
  );
}
