import { MINUTE } from "./cadence";
import { instanceSize, serverlessSize } from "../components/database-migration/instance";
import type { Environment } from "../components/environment";
import type { Dataset } from "../declarations/dataset";
import { formatBytes, formatDuration, type Seconds } from "../declarations/units";
import { scaledVolumes, type ScaledVolume } from "./volumes";
import { countOf } from "./wording";

/** Bytes a second that one subtask reads from a source and writes as files. Estimate: AWS publishes none. */
const SUBTASK_BYTES_PER_SECOND = 20e6;
/** A task has one table, and DMS divides none by itself: more subtasks would have nothing to load. */
const SUBTASKS = 1;

/** How one table of a source database comes into the lake. */
export interface MigrationSize {
  readonly dataset: string;
  readonly connection: string;
  /** Of the source's instance, which all its tables share; null where each table has capacity of its own. */
  readonly instanceClass: string | null;
  /** Between which a serverless replication scales, in units of 2 GB; null on an instance. */
  readonly capacityUnits: { readonly min: number; readonly max: number } | null;
  readonly subtasks: number;
  /** Window of the first load; 0 where only changes are copied. */
  readonly firstLoadSeconds: Seconds;
  readonly reason: string;
}

type FromDatabase = Dataset & { readonly source: Extract<Dataset["source"], { kind: "database" }> };

/** Sizes of every dataset that DMS copies. */
export function migrationSizes({ settings, datasets }: Environment): MigrationSize[] {
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  const copied = datasets.filter((dataset): dataset is FromDatabase => dataset.source.kind === "database");
  return copied.flatMap((dataset) => {
    const volume = volumes.get(dataset.name);
    if (!volume) return [];
    const beside = copied.filter(({ source }) => source.connection === dataset.source.connection);
    const loads = beside.flatMap(({ name }) => volumes.get(name) ?? []);
    const isServerless = settings.connections[dataset.source.connection]?.capacity === "serverless";
    return [isServerless ? serverless(dataset, volume) : onInstance(dataset, volume, loads)];
  });
}

function onInstance(dataset: FromDatabase, volume: ScaledVolume, loads: readonly ScaledVolume[]): MigrationSize {
  const { replicationInstanceClass, allocatedStorage } = instanceSize(loads);
  const why =
    `${replicationInstanceClass} with ${allocatedStorage} GiB for the changes of ` +
    `${countOf(loads.length, "table")} at their peak, and a day of them on its disk`;
  return sized(dataset, volume, { instanceClass: replicationInstanceClass, capacityUnits: null }, why);
}

function serverless(dataset: FromDatabase, volume: ScaledVolume): MigrationSize {
  const { minCapacityUnits: min, maxCapacityUnits: max } = serverlessSize(volume);
  const why = `${min} to ${max} capacity units for the changes at their peak`;
  return sized(dataset, volume, { instanceClass: null, capacityUnits: { min, max } }, why);
}

function sized(
  { name, source }: FromDatabase,
  { stored }: ScaledVolume,
  capacity: Pick<MigrationSize, "instanceClass" | "capacityUnits">,
  why: string,
): MigrationSize {
  const firstLoadSeconds = source.mode === "changes" ? 0 : Math.ceil(stored / (SUBTASKS * SUBTASK_BYTES_PER_SECOND));
  const load =
    source.mode === "changes"
      ? "changes alone, no first load"
      : `the first load of ${formatBytes(stored)} by ${countOf(SUBTASKS, "subtask")} of ` +
        `${SUBTASK_BYTES_PER_SECOND / 1e6} MB/s (estimate) takes ${formatDuration(Math.ceil(firstLoadSeconds / MINUTE) * MINUTE)}: DMS divides no table by itself`;
  return {
    dataset: name,
    connection: source.connection,
    ...capacity,
    subtasks: SUBTASKS,
    firstLoadSeconds,
    reason: `${why}; ${load}`,
  };
}
