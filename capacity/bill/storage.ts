import type { Dataset } from "../../declarations/dataset";
import { zoneOf } from "../../declarations/dataset";
import type { Bytes } from "../../declarations/units";
import type { RunSize } from "../sizes";
import { archivedObjectsADay, PART, RANGE, TRANSITION_PRICES } from "../objects";
import { timesAMonth } from "../runs-a-month";
import { columnarBytes } from "../tables";
import { SECONDS_A_DAY } from "../volume";
import type { PriceName } from "../prices";
import type { ScaledVolume } from "../volumes";
import {
  about,
  DAYS_A_MONTH,
  GB,
  NOTHING,
  type BillScope,
  type Line,
  type Priced,
  type PricedResource,
  type Quantity,
} from "./line";

/** A merge rewrites whole files for the rows that it changes: bytes written per byte that is new. Estimate. */
const MERGE_REWRITES = 2;
const UPLOAD_PART = 16 * 1024 ** 2;
const SPREAD = 0.3;

const CLASS_PRICES: Readonly<Record<string, PriceName>> = {
  STANDARD: "s3-standard",
  STANDARD_IA: "s3-infrequent",
  GLACIER_IR: "s3-glacier-instant",
  GLACIER: "s3-glacier-flexible",
  DEEP_ARCHIVE: "s3-deep-archive",
  // What nobody reads becomes cheaper by itself; until then it costs as Standard.
  INTELLIGENT_TIERING: "s3-standard",
};

/** The storage of one bucket at its steady state: when as much expires as arrives. */
export function bucketLines(scope: BillScope, bucket: PricedResource): Priced {
  const { names, datasets } = scope.environment;
  switch (bucket.inputs.bucket) {
    case names.bucket("raw"):
      return {
        lines: datasets.flatMap((dataset) => rawLines(scope, bucket, dataset)),
        unknown: datasets
          .filter(({ source }) => source.kind === "files" || source.kind === "database")
          .map(({ name }) => `raw of ${name}: moves of its files to colder classes, by how many there are`),
      };
    case names.bucket("lake"):
      return {
        lines: datasets.flatMap((dataset) => [
          ...tableLines(scope, bucket, dataset),
          ...requestLines(scope, bucket, dataset),
        ]),
        unknown: datasets
          .filter((dataset) => zoneOf(dataset) === "gold" && !dataset.volume)
          .map(({ name }) => `storage of gold/${name}: declare its \`volume\` to have it priced`),
      };
    case names.bucket("logs"):
    case names.bucket("access-logs"):
      return { lines: [], unknown: [`storage of ${bucket.inputs.bucket}: logs by use`] };
    default:
      return NOTHING;
  }
}

export function rawLines(scope: BillScope, bucket: PricedResource, dataset: Dataset): Line[] {
  const volume = scope.volumes.get(dataset.name);
  if (!volume || dataset.source.kind === "derived") return [];
  const days = Math.ceil(dataset.retention.raw / SECONDS_A_DAY);
  const line = { resource: bucket, dataset: dataset.name, service: "S3" } as const;
  const classes = storageClasses(scope, `${dataset.name}/`, days).map(({ storageClass, from, until }): Line => {
    const steady = (volume.daily * (until - from)) / GB;
    // What lay there at the start is Standard first, and has expired when the steady state is reached.
    const start = storageClass === "STANDARD" ? volume.stored / GB : 0;
    return {
      ...line,
      description: `raw of ${dataset.name}, days ${from} to ${until} (${storageClass})`,
      unit: "GB-month",
      quantity: { min: Math.min(start, steady), expected: steady, max: Math.max(start, steady) * (1 + SPREAD) },
      price: CLASS_PRICES[storageClass] ?? "s3-standard",
    };
  });
  const moves = transitionLines(scope, bucket, dataset, days);
  if (dataset.source.kind !== "files") return [...classes, ...moves, readLine(scope, bucket, dataset)];
  const parts = (volume.daily / UPLOAD_PART) * DAYS_A_MONTH;
  const uploads: Line = {
    ...line,
    description: `uploads of ${dataset.name}`,
    unit: "1,000 requests",
    quantity: about(parts / 1_000, SPREAD),
    price: "s3-put",
  };
  return [...classes, uploads, readLine(scope, bucket, dataset)];
}

export function tableLines(scope: BillScope, bucket: PricedResource, dataset: Dataset): Line[] {
  const table = scope.tables.get(dataset.name);
  const bytes = tableBytes(scope, dataset);
  if (!bytes || !table) return [];
  const line = { resource: bucket, dataset: dataset.name, service: "S3" } as const;
  return [
    {
      ...line,
      description: `${zoneOf(dataset)}/${dataset.name} with its history`,
      unit: "GB-month",
      quantity: { min: bytes.min / GB, expected: bytes.expected / GB, max: bytes.max / GB },
      price: "s3-standard",
    },
    {
      ...line,
      description: `${zoneOf(dataset)}/${dataset.name}: Intelligent-Tiering`,
      unit: "1,000 objects",
      quantity: about(bytes.expected / table.targetFileBytes / 1_000, SPREAD),
      price: "s3-monitoring",
    },
  ];
}

/** What a derived dataset's runs read of other tables, and what every run writes: files in parts. */
function requestLines(scope: BillScope, bucket: PricedResource, dataset: Dataset): Line[] {
  const run = scope.runs.get(dataset.name);
  if (!run) return [];
  const line = { resource: bucket, dataset: dataset.name, service: "S3", unit: "1,000 requests" } as const;
  const table = `${zoneOf(dataset)}/${dataset.name}`;
  const read: Line = {
    ...line,
    description: `${table}: its inputs, read`,
    quantity: about((run.meanBytes * timesAMonth(run)) / RANGE / 1_000, SPREAD),
    price: "s3-get",
  };
  const written = writtenADay(scope, dataset);
  const writes: Line = {
    ...line,
    description: `${table}: its files, written`,
    quantity: about((((written ?? 0) / PART) * DAYS_A_MONTH) / 1_000, SPREAD),
    price: "s3-put",
  };
  return [...(dataset.source.kind === "derived" ? [read] : []), ...(written === undefined ? [] : [writes])];
}

/** Objects that the archive writes move into each colder class once; files are as many as somebody uploads. */
function transitionLines(scope: BillScope, bucket: PricedResource, { name }: Dataset, days: number): Line[] {
  const archive = scope.environment.capacity.archives.find(({ dataset }) => dataset === name);
  const volume = scope.volumes.get(name);
  if (!archive || !volume) return [];
  const objects = archivedObjectsADay(archive, volume) * DAYS_A_MONTH;
  return storageClasses(scope, `${name}/`, days).flatMap(({ storageClass }): Line[] => {
    const price = TRANSITION_PRICES[storageClass];
    if (price === undefined) return [];
    const quantity = about(objects / 1_000, SPREAD);
    const description = `raw of ${name}: objects moved to ${storageClass}`;
    return [{ resource: bucket, dataset: name, service: "S3", description, unit: "1,000 requests", quantity, price }];
  });
}

/** At least what there is at the start; expected after raw's retention, with the files that time travel still needs. */
function tableBytes({ volumes, runs }: BillScope, dataset: Dataset): Quantity | undefined {
  const volume = volumes.get(dataset.name);
  const run = runs.get(dataset.name);
  if (!volume || !run || (dataset.source.kind === "derived" && !dataset.volume)) return undefined;
  const rawDays = dataset.retention.raw / SECONDS_A_DAY;
  const historyDays = dataset.retention.history / SECONDS_A_DAY;
  const start = columnarBytes(dataset, volume.stored);
  const grown = columnarBytes(dataset, volume.stored + volume.daily * rawDays);
  const expected = grown + replacedADay(dataset, volume, run) * historyDays;
  return { min: start, expected, max: expected * (1 + SPREAD) };
}

/** Bytes of files a day that others take the place of. */
function replacedADay(dataset: Dataset, volume: ScaledVolume, run: RunSize): Bytes {
  if (dataset.source.kind === "derived" && dataset.source.refresh === "full") {
    const rawDays = dataset.retention.raw / SECONDS_A_DAY;
    return (columnarBytes(dataset, volume.stored + volume.daily * rawDays) * SECONDS_A_DAY) / run.everySeconds;
  }
  return columnarBytes(dataset, volume.daily) * (dataset.key ? MERGE_REWRITES : 0);
}

/** Bytes of files that a table's runs write a day: the new ones, and those that take others' place. */
export function writtenADay({ volumes, runs }: BillScope, dataset: Dataset): Bytes | undefined {
  const volume = volumes.get(dataset.name);
  const run = runs.get(dataset.name);
  if (!volume || !run || (dataset.source.kind === "derived" && !dataset.volume)) return undefined;
  const isFull = dataset.source.kind === "derived" && dataset.source.refresh === "full";
  const replaced = replacedADay(dataset, volume, run);
  // A full refresh writes nothing but what takes the old table's place; a merge counts the new rows among its rewrites.
  return isFull || dataset.key ? replaced : columnarBytes(dataset, volume.daily);
}

function readLine({ runs }: BillScope, bucket: PricedResource, dataset: Dataset): Line {
  const run = runs.get(dataset.name);
  return {
    resource: bucket,
    dataset: dataset.name,
    service: "S3",
    description: `raw of ${dataset.name}, read once`,
    unit: "1,000 requests",
    quantity: about((run ? run.meanBytes * timesAMonth(run) : 0) / RANGE / 1_000, SPREAD),
    price: "s3-get",
  };
}

interface Stay {
  readonly storageClass: string;
  readonly from: number;
  readonly until: number;
}

/** The classes that an object of this prefix goes through, as the bucket's own lifecycle rules say. */
function storageClasses(scope: BillScope, prefix: string, days: number): Stay[] {
  const raw = scope.environment.names.bucket("raw");
  const configuration = scope.resources.find(
    ({ type, inputs }) => type.includes(":BucketLifecycleConfiguration") && inputs.bucket === raw,
  );
  const rules = (configuration?.inputs.rules ?? []) as readonly {
    filter?: { prefix?: string };
    transitions?: readonly { days: number; storageClass: string }[];
  }[];
  const rule =
    rules.find(({ filter, transitions }) => filter?.prefix === prefix && transitions) ??
    rules.find(({ filter, transitions }) => filter?.prefix === undefined && transitions);
  const steps = [{ days: 0, storageClass: "STANDARD" }, ...(rule?.transitions ?? [])];
  return steps
    .map((step, index) => ({
      storageClass: step.storageClass,
      from: step.days,
      until: Math.min(days, steps[index + 1]?.days ?? days),
    }))
    .filter(({ from, until }) => until > from);
}
