import { lifecycleRules } from "../components/data-lake/lifecycle";
import type { Environment } from "../components/environment";
import type { Dataset } from "../declarations/dataset";
import type { Bytes } from "../declarations/units";
import { STEP_START } from "./cadence";
import { DAYS_A_MONTH, GB } from "./bill/line";
import { referencePrices, type PriceList, type PriceName } from "./prices";
import { ceilUnits } from "./rounding";
import type { ArchiveSize, RunSize } from "./sizes";
import { columnarBytes } from "./tables";
import { SECONDS_A_DAY } from "./volume";
import { scaledVolumes, type ScaledVolume } from "./volumes";
import { countOf, formatNumber } from "./wording";

/** What S3 serves a second of one partitioned prefix, at least. Source: S3 user guide, performance design patterns. */
const READS_A_PREFIX = 5_500;
const WRITES_A_PREFIX = 3_500;
/** One request reads about so much. Source: S3 performance guidelines, byte-range fetches. */
export const RANGE: Bytes = 8 * 1024 ** 2;
/** Hadoop's S3A writes files in parts of so much, each a request. Source: hadoop-aws, `fs.s3a.multipart.size`. */
export const PART: Bytes = 64 * 1024 ** 2;

/** When a colder class has paid for the move into it. */
export interface ClassSize {
  readonly storageClass: string;
  /** Age at which the bucket's own rule moves an object there. */
  readonly fromDays: number;
  /** Days in the class after which what is saved has paid the request of the move; null where the objects' size is not known. */
  readonly breakEvenDays: number | null;
  readonly staysDays: number;
}

/** How a dataset's objects meet S3's limits and classes. Requests are those of its largest run. */
export interface ObjectsSize {
  readonly dataset: string;
  /** Null where objects are as large as somebody uploads them. */
  readonly rawObjectsADay: number | null;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** Prefixes that S3 must have partitioned for them. */
  readonly prefixes: number;
  readonly classes: readonly ClassSize[];
  readonly reason: string;
}

/** Objects and requests of every dataset that a job works on. */
export function objectSizes(environment: Environment): ObjectsSize[] {
  const { settings, datasets, capacity } = environment;
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  const runs = new Map(capacity.runs.map((run) => [run.dataset, run]));
  return datasets.flatMap((dataset) => {
    const [volume, run] = [volumes.get(dataset.name), runs.get(dataset.name)];
    return volume && run ? [objectsOf(environment, dataset, volume, run)] : [];
  });
}

function objectsOf(environment: Environment, dataset: Dataset, volume: ScaledVolume, run: RunSize): ObjectsSize {
  const seconds = run.runSeconds - STEP_START;
  const readsPerSecond = run.bytes / RANGE / seconds;
  const writesPerSecond = writtenOf(dataset, run.bytes) / PART / seconds;
  const prefixes = Math.max(
    1,
    ceilUnits(readsPerSecond / READS_A_PREFIX),
    ceilUnits(writesPerSecond / WRITES_A_PREFIX),
  );
  const rawObjectsADay = rawObjects(environment, dataset, volume);
  const classes = dataset.source.kind === "derived" ? [] : classesOf(environment, dataset, volume, rawObjectsADay);
  const rates =
    `${formatNumber(readsPerSecond)} reads and ${formatNumber(writesPerSecond)} writes a second in its largest run; ` +
    `a prefix takes ${formatNumber(READS_A_PREFIX)} and ${formatNumber(WRITES_A_PREFIX)}: ${prefixes === 1 ? "1 prefix" : `${formatNumber(prefixes)} prefixes`}`;
  const wait = prefixes > 1 ? ", which S3 makes in 30 to 60 minutes and slows requests down until then" : "";
  return {
    dataset: dataset.name,
    rawObjectsADay,
    readsPerSecond,
    writesPerSecond,
    prefixes,
    classes,
    reason: [rates + wait, ...classes.map(classReason)].join("; "),
  };
}

/** What a run writes of the bytes that it reads: what is derived reads columns already, and writes at most as much. */
export function writtenOf(dataset: Dataset, bytes: Bytes): Bytes {
  return dataset.source.kind === "derived" ? bytes : columnarBytes(dataset, bytes);
}

function rawObjects({ capacity }: Environment, { name }: Dataset, volume: ScaledVolume): number | null {
  const archive = capacity.archives.find(({ dataset }) => dataset === name);
  return archive ? archivedObjectsADay(archive, volume) : null;
}

/** A delivery stream writes an object when its buffer is full or has waited long enough, whichever comes first. */
export function archivedObjectsADay(
  { bufferBytes, bufferSeconds }: Pick<ArchiveSize, "bufferBytes" | "bufferSeconds">,
  { daily }: Pick<ScaledVolume, "daily">,
): number {
  return Math.max(daily / bufferBytes, SECONDS_A_DAY / bufferSeconds);
}

function classesOf(
  environment: Environment,
  { name, retention }: Dataset,
  { daily }: ScaledVolume,
  objectsADay: number | null,
): ClassSize[] {
  const prices = referencePrices(environment.settings.region);
  const rule = lifecycleRules(environment, "raw").find(({ filter }) => filter.prefix === `${name}/`);
  const steps = rule?.transitions ?? [];
  const end = rule?.expiration?.days ?? Math.ceil(retention.raw / SECONDS_A_DAY);
  return steps.map(({ days, storageClass }, index) => ({
    storageClass,
    fromDays: days,
    staysDays: (steps[index + 1]?.days ?? end) - days,
    breakEvenDays:
      objectsADay === null
        ? null
        : breakEvenDays(daily / objectsADay, steps[index - 1]?.storageClass ?? "STANDARD", storageClass, prices),
  }));
}

const STORAGE: Readonly<Record<string, PriceName>> = {
  STANDARD: "s3-standard",
  STANDARD_IA: "s3-infrequent",
  GLACIER_IR: "s3-glacier-instant",
};
/** What moving a thousand objects into a class costs. */
export const TRANSITION_PRICES: Readonly<Record<string, PriceName>> = {
  STANDARD_IA: "s3-into-infrequent",
  GLACIER_IR: "s3-into-glacier-instant",
};

/** Days until an object of `bytes` has saved what its move cost; null where a price is not known or nothing is saved. */
export function breakEvenDays(bytes: Bytes, from: string, into: string, prices: PriceList): number | null {
  const price = (names: Readonly<Record<string, PriceName>>, storageClass: string): number | undefined => {
    const name = names[storageClass];
    return name && prices.items[name]?.value;
  };
  const [before, after, move] = [price(STORAGE, from), price(STORAGE, into), price(TRANSITION_PRICES, into)];
  if (before === undefined || after === undefined || move === undefined || before <= after) return null;
  const savedADay = ((bytes / GB) * (before - after)) / DAYS_A_MONTH;
  return move / 1_000 / savedADay;
}

function classReason({ storageClass, fromDays, staysDays, breakEvenDays: days }: ClassSize): string {
  const paid =
    days === null
      ? "paid back after a time that depends on the files' size"
      : days > staysDays
        ? `not paid back in the ${countOf(staysDays, "day")} that it stays: objects are too small`
        : `paid back after ${countOf(days, "day")} of the ${formatNumber(staysDays)} that it stays`;
  return `${storageClass} from day ${fromDays}, ${paid}`;
}
