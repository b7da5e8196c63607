import type { Seconds } from "../../declarations/units";
import type { Settings } from "../../stacks/settings";
import { clusterLines } from "../bill/clusters";
import { HOURS_A_MONTH, type Line, type NodeScope, type Priced, type PricedResource } from "../bill/line";
import { monthlyOfCluster } from "../bill/run-cost";
import { generationLines } from "../bill/standing";
import type { SizedLanes } from "../group-lanes";
import { amount, referencePrices, type PriceList } from "../prices";
import type { StandingSize, StreamSize } from "../sizes";
import { monthlyUsd, onDemandUsage, provisionedUsage, type Reader } from "../streams";
import type { ScaledVolume } from "../volumes";

/** Objects of one batch: received rows, the table's rows, a commit of each, the batch's manifest, the checkpoint. Estimate. */
const WRITES_A_BATCH = 20;

const NOBODY: PricedResource = { urn: "", type: "", inputs: {} };

/**
 * What groups' clusters cost a month, as the bill counts them. USD.
 *
 * @param only the part of one dataset
 */
export function clustersMonthly({ clusters, runs }: SizedLanes, settings: Settings, only?: string): number {
  const scope = scopeOf(settings);
  if (only !== undefined) {
    const billed = { ...scope, runs: new Map(runs.map((run) => [run.dataset, run])) };
    const lines = clusters.flatMap((cluster) => clusterLines(billed, NOBODY, cluster).lines);
    return total({ lines: lines.filter(({ dataset }) => dataset === only) }, scope.prices);
  }
  return clusters.reduce((sum, cluster) => sum + monthlyOfCluster(scope, cluster, runs), 0);
}

/** What one generation of a standing cluster costs a month. USD. */
export function standingMonthly(size: StandingSize, settings: Settings): number {
  const scope = scopeOf(settings);
  return total(generationLines(scope, NOBODY, size), scope.prices);
}

/** What it costs a month that a cluster reads a stream beside its archive. USD. */
export function readingMonthly(
  { mode, shards, fanOut }: StreamSize,
  volume: ScaledVolume,
  triggerSeconds: Seconds,
  settings: Settings,
): number {
  const prices = referencePrices(settings.region);
  const { retention } = settings.streams;
  const of = (reader: Reader): number =>
    monthlyUsd(
      mode === "on-demand"
        ? onDemandUsage(volume, retention, reader)
        : provisionedUsage(volume, shards, retention, reader),
      prices,
    );
  const put = prices.items["s3-put"];
  const writes = put ? amount(put, batchWrites(triggerSeconds) / 1_000) : 0;
  return of(fanOut ? "fan-out" : "shared") - of("none") + writes;
}

/** Objects that the batches of a month write. */
export function batchWrites(triggerSeconds: Seconds): number {
  return WRITES_A_BATCH * ((HOURS_A_MONTH * 3_600) / triggerSeconds);
}

/** Prices for choosing the cheaper of two, where the region has none of its own. */
function scopeOf(settings: Settings): NodeScope {
  return { prices: referencePrices(settings.region), environment: { settings } };
}

function total({ lines }: Pick<Priced, "lines">, prices: PriceList): number {
  return lines.reduce((sum, line) => sum + expected(line, prices), 0);
}

function expected({ price, quantity }: Line, prices: PriceList): number {
  if (typeof price !== "string") return price.value * quantity.expected;
  const known = prices.items[price];
  return known ? amount(known, quantity.expected) : 0;
}
