import type { Dataset } from "../../declarations/dataset";
import type { Settings } from "../../stacks/settings";
import { VCPUS_PER_UNIT } from "../instances";
import { ceilUnits } from "../rounding";
import type { WorkScope } from "../runs";
import type { Capacity, RunSize } from "../sizes";
import { streamLoad, type StreamLoad } from "../standing";
import { throughputOf } from "../throughput";
import { meanBytes, peakBytes, type ScaledVolume } from "../volumes";
import type { DirectTiming } from "./timing";

/** A stream as a standing cluster reads it. */
export interface DirectStream {
  readonly dataset: Dataset;
  readonly timing: DirectTiming;
  readonly load: StreamLoad;
  /** The standing cluster's name; undefined where the settings name none. */
  readonly cluster: string | undefined;
}

/** Whether a standing cluster reads the dataset's stream itself. */
export function isDirect({ ways }: Pick<Capacity, "ways">, dataset: string): boolean {
  return ways.some((each) => each.dataset === dataset && each.way === "direct");
}

/** What it takes to read a stream in batches so often. */
export function directLoad(
  dataset: Dataset,
  timing: DirectTiming,
  { settings, throughputs, volumes }: WorkScope,
): DirectStream {
  const load = streamLoad(dataset, volumeOf(volumes, dataset), timing, settings, throughputs);
  return { dataset, timing, load, cluster: standingFor(dataset, settings) };
}

/** The standing cluster that has its owner's name reads an owner's streams; those of others are the first one's, by name. */
function standingFor({ owner }: Dataset, { spark }: Settings): string | undefined {
  const names = Object.keys(spark.standing).sort();
  return names.find((name) => name === owner) ?? names[0];
}

/** Its batches, as a run that comes again with every interval. */
export function directRun({ dataset, timing, load, cluster }: DirectStream, scope: WorkScope): RunSize {
  const { triggerSeconds, latencySeconds } = timing;
  const volume = volumeOf(scope.volumes, dataset);
  const bytes = peakBytes(volume, triggerSeconds);
  const cores = scope.settings.spark.overrides.executorCores ?? VCPUS_PER_UNIT;
  return {
    dataset: dataset.name,
    cluster: `standing-${cluster}`,
    everySeconds: triggerSeconds,
    level: 0,
    runSeconds: triggerSeconds,
    bytes,
    meanBytes: meanBytes(volume, triggerSeconds),
    coreSeconds: bytes / throughputOf(dataset, scope.throughputs).value,
    vcpus: load.peakVcpus,
    executors: ceilUnits(load.peakVcpus / cores),
    latencySeconds,
    reason: load.reason,
  };
}

export function volumeOf(volumes: ReadonlyMap<string, ScaledVolume>, { name }: Dataset): ScaledVolume {
  const volume = volumes.get(name);
  if (!volume) throw new Error(`no volume for ${name}`);
  return volume;
}
