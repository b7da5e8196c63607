import type { Dataset } from "../declarations/dataset";
import { formatBytes, formatDuration, type Bytes } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { STEP_START, type Timing } from "./cadence";
import { knownInputs } from "./groups";
import { ceilUnits } from "./rounding";
import type { RunSize } from "./sizes";
import { columnarBytes } from "./tables";
import { throughputOf, type Throughputs } from "./throughput";
import { SECONDS_A_DAY } from "./volume";
import { meanBytes, peakBytes, type ScaledVolume } from "./volumes";
import { countOf, everyPeriod } from "./wording";

/** A table grows while the stack stands: what reads it whole is sized for so many days after the start. */
export const GROWTH_DAYS = 90;

/** One dataset's run at the peak, before its executors are known. */
export type RunLoad = Omit<RunSize, "executors">;

/** What the work of runs follows from. */
export interface WorkScope {
  /** Every dataset that has a job, by name: what a run reads may come in elsewhere. */
  readonly active: ReadonlyMap<string, Dataset>;
  readonly volumes: ReadonlyMap<string, ScaledVolume>;
  readonly settings: Settings;
  readonly throughputs: Throughputs | undefined;
}

/**
 * What a dataset's step has to do and the vCPUs that do it in time. Bytes are raw ones for what comes in; what is
 * derived reads tables, so there they are columnar ones.
 */
export function runLoad(dataset: Dataset, cluster: string, timing: Timing, scope: WorkScope): RunLoad {
  const { everySeconds, runSeconds, level, latencySeconds } = timing;
  const work = bytesOfRun(dataset, everySeconds, scope);
  const throughput = throughputOf(dataset, scope.throughputs);
  const coreSeconds = work.peak / throughput.value;
  const { headroom } = scope.settings.spark;
  const vcpus = Math.max(1, ceilUnits((coreSeconds * (1 + headroom)) / (runSeconds - STEP_START)));
  return {
    dataset: dataset.name,
    cluster,
    everySeconds,
    level,
    runSeconds,
    bytes: work.peak,
    meanBytes: work.mean,
    coreSeconds,
    vcpus,
    latencySeconds,
    reason:
      `${everyPeriod(everySeconds)}; ${formatBytes(work.peak)} ÷ ${throughput.value / 1e6} MB a vCPU-second ` +
      `(${throughput.source}, ${throughput.date}) × ${1 + headroom} within ${formatDuration(runSeconds)}, ` +
      `${formatDuration(STEP_START)} of it the start: ${countOf(vcpus, "vCPU")}`,
  };
}

function bytesOfRun(
  dataset: Dataset,
  everySeconds: number,
  { active, volumes }: WorkScope,
): { peak: Bytes; mean: Bytes } {
  if (dataset.source.kind !== "derived") {
    const volume = volumes.get(dataset.name);
    return volume
      ? { peak: peakBytes(volume, everySeconds), mean: meanBytes(volume, everySeconds) }
      : { peak: 0, mean: 0 };
  }
  const { refresh } = dataset.source;
  const total = { peak: 0, mean: 0 };
  for (const name of knownInputs(dataset, active)) {
    const input = active.get(name);
    const volume = volumes.get(name);
    if (!input || !volume) continue;
    const whole = (days: number): Bytes => volume.stored + days * volume.daily;
    total.peak += columnarBytes(input, refresh === "full" ? whole(GROWTH_DAYS) : peakBytes(volume, everySeconds));
    total.mean += columnarBytes(
      input,
      refresh === "full" ? whole(GROWTH_DAYS / 2) : (volume.daily * everySeconds) / SECONDS_A_DAY,
    );
  }
  return total;
}
