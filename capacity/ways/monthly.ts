import type { Seconds } from "../../declarations/units";
import type { Settings } from "../../stacks/settings";
import { HOURS_A_MONTH } from "../bill/line";
import { choosingScope, NOBODY, total } from "../bill/run-cost";
import { generationLines } from "../bill/standing";
import { amount, referencePrices } from "../prices";
import type { StandingSize, StreamSize } from "../sizes";
import { monthlyUsd, onDemandUsage, provisionedUsage, type Reader } from "../streams";
import type { ScaledVolume } from "../volumes";

/** Objects of one batch: received rows, the table's rows, a commit of each, the batch's manifest, the checkpoint. Estimate. */
const WRITES_A_BATCH = 20;

/** What one generation of a standing cluster costs a month. USD. */
export function standingMonthly(size: StandingSize, settings: Settings): number {
  const scope = choosingScope(settings);
  return total(generationLines(scope, NOBODY, size).lines, scope.prices);
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
