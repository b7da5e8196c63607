import type { Dataset } from "../declarations/dataset";
import type { Fault } from "../declarations/faults";
import type { Settings } from "./settings";

/** A key that is part of the language and that no part of Basin honours yet: refused, never silently ignored. */
interface Unbuilt<T> {
  readonly key: string;
  readonly isUsed: (declared: T) => boolean;
  readonly allowed: string;
}

const UNBUILT_DATASET_KEYS: readonly Unbuilt<Dataset>[] = [
  {
    key: "subject",
    isUsed: ({ source, subject }) => source.kind === "database" && subject !== undefined,
    allowed: "none with kind: database",
  },
];

const UNBUILT_SETTINGS: readonly Unbuilt<Settings>[] = [
  {
    key: "streams.maxRecordsPerBatch",
    isUsed: ({ streams }) => streams.maxRecordsPerBatch !== undefined,
    allowed: "none",
  },
];

/** Faults for every declared key that nothing honours. */
export function unbuiltKeys(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const message = "is not honoured by this version of Basin";
  return [
    ...datasets.flatMap((dataset) =>
      UNBUILT_DATASET_KEYS.filter(({ isUsed }) => isUsed(dataset)).map(({ key, allowed }) => ({
        where: dataset.file,
        key,
        message,
        allowed,
      })),
    ),
    ...UNBUILT_SETTINGS.filter(({ isUsed }) => isUsed(settings)).map(({ key, allowed }) => ({
      where: `Pulumi.${settings.stack}.yaml`,
      key: `config.basin:${key}`,
      message,
      allowed,
    })),
  ];
}
