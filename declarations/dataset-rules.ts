import { meanRecordsPerSecond } from "../capacity/volume";
import type { Column, DatasetFile } from "./dataset";
import type { Fault } from "./faults";
import type { SoundPart } from "./sound-part";
import { parseSparkType } from "./spark-types";
import { formatDuration } from "./units";

type Complain = (key: string, message: string, found?: unknown, allowed?: string) => void;

/** What one declaration must fulfil across its own keys; a rule says nothing where a key that it reads has a fault. */
export function datasetRules(dataset: SoundPart, where: string): Fault[] {
  const faults: Fault[] = [];
  const complain: Complain = (key, message, found, allowed) => faults.push({ where, key, message, found, allowed });
  const { columns } = dataset;
  if (columns) columnNamesAreUnique(columns, complain);
  if (columns) columnReferencesExist({ ...dataset, columns }, complain);
  if (has(dataset, "source", "key", "sequence")) rowsHaveAnOrder(dataset, complain);
  if (has(dataset, "freshness", "deadline")) deadlineFits(dataset, complain);
  if (has(dataset, "source", "retention")) historyFits(dataset, complain);
  if (has(dataset, "source", "volume")) volumesFit(dataset, complain);
  return faults;
}

function has<K extends keyof DatasetFile>(
  dataset: SoundPart,
  ...keys: K[]
): dataset is SoundPart & Pick<DatasetFile, K> {
  return keys.every((key) => key in dataset);
}

function columnNamesAreUnique(columns: readonly Column[], complain: Complain): void {
  for (const field of ["name", "from"] as const) {
    const seen = new Set<string>();
    columns.forEach((column, index) => {
      const name = field === "name" ? column.name : (column.from ?? column.name);
      if (seen.has(name)) complain(`columns[${index}].${field}`, "stands twice", name);
      seen.add(name);
    });
  }
}

function columnReferencesExist(dataset: SoundPart & Pick<DatasetFile, "columns">, complain: Complain): void {
  const names = dataset.columns.map((column) => column.name);
  const allowed = `a column of this dataset: ${names.join(", ")}`;
  const check = (key: string, name: string): void => {
    if (!names.includes(name)) complain(key, "is not a column", name, allowed);
  };
  dataset.key?.forEach((name, index) => check(`key[${index}]`, name));
  dataset.clusterBy?.forEach((name, index) => {
    check(`clusterBy[${index}]`, name);
    const type = parseSparkType(dataset.columns.find((column) => column.name === name)?.type ?? "string");
    const sortable =
      type?.kind === "decimal" || (type?.kind === "atomic" && !["binary", "boolean"].includes(type.name));
    if (!sortable)
      complain(
        `clusterBy[${index}]`,
        "has no statistics to cluster by",
        name,
        "numbers, strings, dates and timestamps",
      );
  });
  if (dataset.sequence !== undefined) check("sequence", dataset.sequence);
  if (dataset.subject !== undefined) check("subject", dataset.subject);
}

function rowsHaveAnOrder(dataset: Pick<DatasetFile, "source" | "key" | "sequence">, complain: Complain): void {
  const { kind } = dataset.source;
  if (kind === "database" && !dataset.key) complain("key", "a database dataset needs the source table's key");
  if (kind === "stream" && dataset.key && !dataset.sequence) {
    complain("sequence", "a stream with a key needs a sequence, so that every way of reading it agrees");
  }
  if (dataset.sequence && !dataset.key) complain("sequence", "orders versions of one key, and there is no key");
  if (kind === "derived" && dataset.sequence) complain("sequence", "has no meaning for a derived dataset");
}

function deadlineFits({ deadline, freshness }: Pick<DatasetFile, "deadline" | "freshness">, complain: Complain): void {
  if (deadline === undefined || deadline <= freshness) return;
  complain("deadline", "is longer than freshness", formatDuration(deadline), `at most ${formatDuration(freshness)}`);
}

function historyFits({ retention, source }: Pick<DatasetFile, "retention" | "source">, complain: Complain): void {
  if (source.kind === "derived" || retention.raw >= retention.history) return;
  const allowed = `at least history's ${formatDuration(retention.history)}`;
  complain("retention.raw", "is shorter than history", formatDuration(retention.raw), allowed);
}

function volumesFit(dataset: Pick<DatasetFile, "source" | "volume">, complain: Complain): void {
  if (!dataset.volume) {
    if (dataset.source.kind !== "derived")
      complain("volume", "is required", undefined, "{ stored, daily, record, peak }");
    return;
  }
  const mean = meanRecordsPerSecond(dataset.volume);
  const { peak } = dataset.volume;
  if (peak !== undefined && peak < mean) {
    complain("volume.peak", "is below the mean of daily ÷ record", peak, `at least ${Math.ceil(mean)} records/s`);
  }
}
