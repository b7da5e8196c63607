import type { Dataset } from "../declarations/dataset";
import { formatBytes, type Bytes } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { ceilUnits } from "./rounding";
import type { RunSize, TableSize } from "./sizes";
import type { ScaledVolume } from "./volumes";
import { countOf } from "./wording";

const MIB = 1024 ** 2;
const TB = 1e12;

/** File sizes that keep a table's log and a query's scan both short. Source: Databricks, "Configure Delta Lake to control data file size". */
const SMALL_TABLE: Bytes = 2.56 * TB;
const LARGE_TABLE: Bytes = 10 * TB;
const SMALL_FILE: Bytes = 256 * MIB;
const LARGE_FILE: Bytes = 1024 * MIB;

/** Parquet bytes per raw byte. Estimates: repeated keys make JSON long; files that come as columns stay as they are. */
const COLUMNAR_SHARE = { json: 0.15, csv: 0.35, parquet: 1, orc: 1, derived: 0.25 } as const;

/** Shuffled bytes per raw byte read, by what the step does: only columns that a merge or a join needs go over the wire. Estimates. */
export const SHUFFLED_SHARE = { scan: 0.05, shuffle: 0.1, iterate: 0.1 } as const;
const PARTITION_BYTES: Bytes = 128 * 1000 ** 2;
/** The driver keeps a record of every map and reduce task: beyond this its memory, not the partitions' size, is the limit. */
const MOST_PARTITIONS = 100_000;
const PARTITIONS_PER_VCPU = 2;

/** Bytes of the dataset's table when it holds `raw` raw bytes. */
export function columnarBytes(dataset: Dataset, raw: Bytes): Bytes {
  const { source } = dataset;
  const format = source.kind === "derived" ? "derived" : source.kind === "database" ? "parquet" : source.format;
  return raw * COLUMNAR_SHARE[format];
}

/** 256 MiB below 2.56 TB, 1 GiB from 10 TB, on a line between. */
export function targetFileBytes(tableBytes: Bytes): Bytes {
  const share = (tableBytes - SMALL_TABLE) / (LARGE_TABLE - SMALL_TABLE);
  const bytes = SMALL_FILE + Math.min(1, Math.max(0, share)) * (LARGE_FILE - SMALL_FILE);
  return Math.round(bytes / MIB) * MIB;
}

/** Partitions of about 128 MB, and at least two a vCPU so that no core waits for the last one. */
export function shufflePartitions(shuffled: Bytes, vcpus: number): number {
  return Math.min(MOST_PARTITIONS, Math.max(ceilUnits(shuffled / PARTITION_BYTES), PARTITIONS_PER_VCPU * vcpus, 1));
}

export function sizeTable(dataset: Dataset, volume: ScaledVolume, run: RunSize, settings: Settings): TableSize {
  const tableBytes = columnarBytes(dataset, volume.stored);
  const target = targetFileBytes(tableBytes);
  const shuffled = run.bytes * SHUFFLED_SHARE[dataset.work];
  const override = settings.spark.overrides.shufflePartitions;
  const partitions = override ?? shufflePartitions(shuffled, run.vcpus);
  const capped =
    shuffled / PARTITION_BYTES > MOST_PARTITIONS ? `, at most ${MOST_PARTITIONS} that one driver tracks` : "";
  const why =
    override === undefined
      ? `${formatBytes(shuffled)} shuffled over ${countOf(run.vcpus, "vCPU")}${capped}`
      : "overridden";
  return {
    dataset: dataset.name,
    targetFileBytes: target,
    shufflePartitions: partitions,
    reason: `files of ${formatBytes(target)} for a table of ${formatBytes(tableBytes)}; ${countOf(partitions, "partition")}: ${why}`,
  };
}
