import { replicaEnvironment } from "../../components/data-lake/replica/environment";
import type { Dataset } from "../../declarations/dataset";
import { zoneOf } from "../../declarations/dataset";
import { archivedObjectsADay } from "../objects";
import { about, DAYS_A_MONTH, GB, NOTHING, type BillScope, type Line, type Priced, type PricedResource } from "./line";
import { bucketLines, rawLines, tableLines, writtenADay } from "./storage";

/** How far a month's new bytes may lie from what is declared. */
const SPREAD = 0.3;

/** A bucket of either region: the second copy is priced as the first, at the first region's prices. */
export function anyBucketLines(scope: BillScope, bucket: PricedResource): Priced {
  const { environment } = scope;
  const { replica } = environment.settings;
  if (!replica) return bucketLines(scope, bucket);
  const { names } = replicaEnvironment(environment, replica.region);
  const linesOf = { [names.bucket("raw")]: rawLines, [names.bucket("lake")]: tableLines }[String(bucket.inputs.bucket)];
  if (!linesOf) return bucketLines(scope, bucket);
  const copies = environment.datasets.flatMap((dataset) => linesOf(scope, bucket, dataset));
  const lines = copies
    .filter(({ unit }) => unit !== "1,000 requests")
    .map((line) => ({ ...line, description: `replica: ${line.description}` }));
  return { lines, unknown: [] };
}

/** What is copied to the second region: its transfer, and a request for each object. */
export function replicationLines(scope: BillScope, config: PricedResource): Priced {
  const { environment } = scope;
  const { replica } = environment.settings;
  if (!replica) return NOTHING;
  switch (config.inputs.bucket) {
    case environment.names.bucket("raw"):
      return { lines: environment.datasets.flatMap((dataset) => rawCopies(scope, config, dataset)), unknown: [] };
    case environment.names.bucket("lake"):
      return tableCopies(scope, config);
    default:
      return NOTHING;
  }
}

function rawCopies(scope: BillScope, config: PricedResource, dataset: Dataset): Line[] {
  const volume = scope.volumes.get(dataset.name);
  if (!volume || dataset.source.kind === "derived") return [];
  const archive = scope.environment.capacity.archives.find((each) => each.dataset === dataset.name);
  const objects = archive && archivedObjectsADay(archive, volume);
  return copyLines(config, { dataset, what: `raw of ${dataset.name}`, bytes: volume.daily, objects });
}

function tableCopies(scope: BillScope, config: PricedResource): Priced {
  const priced = scope.environment.datasets.map((dataset): Priced => {
    const bytes = writtenADay(scope, dataset);
    const target = scope.tables.get(dataset.name)?.targetFileBytes;
    const what = `${zoneOf(dataset)}/${dataset.name}`;
    if (bytes === undefined || target === undefined) {
      return scope.runs.has(dataset.name)
        ? { lines: [], unknown: [`replication of ${what}: declare its \`volume\``] }
        : NOTHING;
    }
    return { lines: copyLines(config, { dataset, what, bytes, objects: bytes / target }), unknown: [] };
  });
  return { lines: priced.flatMap(({ lines }) => lines), unknown: priced.flatMap(({ unknown }) => unknown) };
}

interface Copied {
  readonly dataset: Dataset;
  readonly what: string;
  /** A day. */
  readonly bytes: number;
  /** A day; undefined where they are as large as somebody uploads them. */
  readonly objects: number | undefined;
}

function copyLines(resource: PricedResource, { dataset, what, bytes, objects }: Copied): Line[] {
  const line = { resource, dataset: dataset.name, service: "S3" } as const;
  const transfer: Line = {
    ...line,
    description: `replica: transfer of ${what}`,
    unit: "GB",
    quantity: about((bytes * DAYS_A_MONTH) / GB, SPREAD),
    price: "transfer-between-regions",
  };
  if (objects === undefined) return [transfer];
  const requests: Line = {
    ...line,
    description: `replica: objects written of ${what}`,
    unit: "1,000 requests",
    quantity: about((objects * DAYS_A_MONTH) / 1_000, SPREAD),
    price: "s3-put",
  };
  return [transfer, requests];
}
