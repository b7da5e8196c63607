import { archivedObjectsADay } from "../objects";
import type { ArchiveSize, StreamSize } from "../sizes";
import { onDemandUsage, provisionedUsage } from "../streams";
import { batchWrites } from "../ways/monthly";
import { meanRecordsPerSecond, SECONDS_A_DAY } from "../volume";
import {
  about,
  DAYS_A_MONTH,
  fixed,
  NOTHING,
  GB,
  type BillScope,
  type Line,
  type Priced,
  type PricedResource,
} from "./line";

/** Firehose bills each record as whole steps of 5 KB. */
const FIREHOSE_STEP = 5 * 1024;
/** How far a month's events may lie from the declared volume. */
const SPREAD = 0.3;
const BY_TIME = new Set(["kinesis-shard", "kinesis-retention", "kinesis-fan-out", "kinesis-on-demand-stream"]);
const UNITS: Readonly<Record<string, string>> = {
  "kinesis-shard": "shard-hours",
  "kinesis-retention": "shard-hours kept beyond a day",
  "kinesis-put": "million put units of 25 KB",
  "kinesis-on-demand-stream": "stream-hours",
  "kinesis-on-demand-in": "GB in, records in whole KB",
  "kinesis-on-demand-out": "GB out to the archive and whoever reads beside it",
  "kinesis-on-demand-fan-out": "GB out by fan-out",
  "kinesis-fan-out": "consumer-shard-hours",
  "kinesis-fan-out-data": "GB out by fan-out",
  "kinesis-on-demand-retention": "GB-month kept beyond a day",
  "kinesis-long-retention": "GB-month kept beyond a week",
};

/** A stream's own bill: by its mode, with what is kept beyond a day. */
export function streamLines(scope: BillScope, resource: PricedResource): Priced {
  const size = sizeOf(scope.environment.capacity.streams, resource);
  const volume = size && scope.volumes.get(size.dataset);
  if (!size || !volume) return NOTHING;
  const { capacity, settings } = scope.environment;
  const { retention } = settings.streams;
  const way = capacity.ways.find(({ dataset }) => dataset === size.dataset);
  const reader = way?.way === "direct" ? (size.fanOut ? "fan-out" : "shared") : "none";
  const usage =
    size.mode === "on-demand"
      ? onDemandUsage(volume, retention, reader)
      : provisionedUsage(volume, size.shards, retention, reader);
  const lines = usage.map(({ price, quantity }): Line => ({
    resource,
    dataset: size.dataset,
    service: "Kinesis",
    description: `stream of ${size.dataset}, ${size.mode}`,
    unit: UNITS[price] ?? price,
    quantity: BY_TIME.has(price) ? fixed(quantity) : about(quantity, SPREAD),
    price,
  }));
  const { triggerSeconds } = way ?? {};
  return { lines: triggerSeconds ? [...lines, batchLine(resource, size.dataset, triggerSeconds)] : lines, unknown: [] };
}

/** Objects that the batches of a direct stream write: its records, its table's rows, both logs and the checkpoint. */
function batchLine(resource: PricedResource, dataset: string, triggerSeconds: number): Line {
  return {
    resource,
    dataset,
    service: "S3",
    description: `batches of ${dataset}: objects written`,
    unit: "1,000 requests",
    quantity: about(batchWrites(triggerSeconds) / 1_000, SPREAD),
    price: "s3-put",
  };
}

/** What brings a stream into raw: every record as 5 KB, unless producers put several into one. */
export function archiveLines(scope: BillScope, resource: PricedResource): Priced {
  const size = sizeOf(scope.environment.capacity.archives, resource);
  const volume = size && scope.volumes.get(size.dataset);
  if (!size || !volume) return NOTHING;
  const recordsADay = meanRecordsPerSecond(volume) * SECONDS_A_DAY;
  const billed = (Math.ceil(volume.record / FIREHOSE_STEP) * FIREHOSE_STEP * recordsADay * DAYS_A_MONTH) / GB;
  const plain = (volume.daily * DAYS_A_MONTH) / GB;
  const objects = archivedObjectsADay(size, volume) * DAYS_A_MONTH;
  const line = { resource, dataset: size.dataset } as const;
  return {
    lines: [
      {
        ...line,
        service: "Firehose",
        description: `archive of ${size.dataset}: each record as whole 5 KB; less when producers aggregate`,
        unit: "GB in",
        quantity: { min: plain, expected: billed, max: billed * (1 + SPREAD) },
        price: "firehose-in",
      },
      {
        ...line,
        service: "S3",
        description: `archive of ${size.dataset}: objects written`,
        unit: "1,000 requests",
        quantity: about(objects / 1_000, SPREAD),
        price: "s3-put",
      },
    ],
    unknown: [],
  };
}

/** A stream and its archive carry their dataset in a tag. */
function sizeOf<Size extends StreamSize | ArchiveSize>(
  sizes: readonly Size[],
  { inputs }: PricedResource,
): Size | undefined {
  const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
  return sizes.find(({ dataset }) => dataset === tags?.["basin:dataset"]);
}
