import type { Environment } from "../components/environment";
import { compare } from "../declarations/dataset-graph";
import { usesOf } from "./by-use";
import { pipelineLines } from "./bill/clusters";
import { NOTHING, type BillScope, type ComputedPrice, type Line, type Priced, type PricedResource } from "./bill/line";
import { replicationInstanceLines, serverlessReplicationLines } from "./bill/migrations";
import { logGroupLines } from "./bill/telemetry";
import { BY_USE, endpointLines, FLAT_TYPES, flatLines, FREE, keyLines, natLines } from "./bill/services";
import { standingLines, taskFleetLines } from "./bill/standing";
import { anyBucketLines, replicationLines } from "./bill/replica";
import { archiveLines, streamLines } from "./bill/streams";
import { amount, priceList, type PriceList, type PriceName } from "./prices";
import { scaledVolumes } from "./volumes";

/** One line of the bill. `monthly` is in USD, at the expected quantity. */
export interface CostItem {
  readonly urn: string | null;
  readonly dataset: string | null;
  readonly service: string;
  readonly description: string;
  readonly quantity: number;
  readonly unit: string;
  readonly price: { readonly value: number; readonly date: string; readonly source: string };
  readonly monthly: number;
}

/** The month's bill. What costs money and has no figure stands in `unknown`, never as zero. */
export interface Cost {
  readonly currency: "USD";
  readonly monthly: { readonly min: number; readonly expected: number; readonly max: number };
  readonly unknown: readonly string[];
  readonly items: readonly CostItem[];
  /** The largest first; what serves all stands under no dataset. */
  readonly byDataset: readonly CostShare[];
}

/** A month's part of the bill. */
export interface CostShare {
  /** Null for what no dataset has for itself: network, keys, what stands for all. */
  readonly dataset: string | null;
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

type Pricer = (scope: BillScope, resource: PricedResource) => Priced;

const PRICERS: Readonly<Record<string, Pricer>> = {
  ...Object.fromEntries(FLAT_TYPES.map((type) => [type, flatLines])),
  "aws:cloudwatch/logGroup:LogGroup": logGroupLines,
  "aws:dms/replicationConfig:ReplicationConfig": serverlessReplicationLines,
  "aws:dms/replicationInstance:ReplicationInstance": replicationInstanceLines,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpointLines,
  "aws:emr/cluster:Cluster": standingLines,
  "aws:emr/instanceFleet:InstanceFleet": taskFleetLines,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": archiveLines,
  "aws:kinesis/stream:Stream": streamLines,
  "aws:kms/key:Key": keyLines,
  "aws:s3/bucket:Bucket": anyBucketLines,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replicationLines,
  "aws:sfn/stateMachine:StateMachine": pipelineLines,
  "awsx:ec2:Vpc": natLines,
};

/**
 * What the plan's resources cost a month at the declared volumes: the clusters of every run at the mean rate, storage
 * at its steady state, streams and archives by their records, and what stands whether it is used or not.
 */
export function costOf(resources: readonly PricedResource[], environment: Environment): Cost {
  const { settings, datasets } = environment;
  const prices = priceList(settings.region);
  if (!prices) {
    const unknown = [`everything: capacity/price-list.json has no prices of ${settings.region}`];
    return { currency: "USD", monthly: { min: 0, expected: 0, max: 0 }, unknown, items: [], byDataset: [] };
  }
  const volumes = scaledVolumes(settings.volumeScale, datasets);
  const { runs, tables } = environment.capacity;
  const scope: BillScope = {
    environment,
    prices,
    volumes,
    resources,
    uses: usesOf(environment),
    runs: new Map(runs.map((run) => [run.dataset, run])),
    tables: new Map(tables.map((table) => [table.dataset, table])),
  };
  const priced = resources.map((resource) => priceResource(scope, resource));
  const lines = priced.flatMap((each) => each.lines);
  const billed = bill(lines, prices);
  return {
    currency: "USD",
    monthly: {
      min: cents(sum(billed, ({ min }) => min)),
      expected: cents(sum(billed, ({ item }) => item.monthly)),
      max: cents(sum(billed, ({ max }) => max)),
    },
    unknown: [...new Set([...priced.flatMap(({ unknown }) => unknown), ...unpriced(lines, prices)])].sort(compare),
    items: billed.map(({ item }) => item),
    byDataset: sharesOf(billed),
  };
}

function sharesOf(billed: readonly Billed[]): CostShare[] {
  const shares = new Map<string | null, { min: number; expected: number; max: number }>();
  for (const { item, min, max } of billed) {
    const share = shares.get(item.dataset) ?? { min: 0, expected: 0, max: 0 };
    shares.set(item.dataset, { min: share.min + min, expected: share.expected + item.monthly, max: share.max + max });
  }
  return [...shares]
    .map(([dataset, { min, expected, max }]) => ({
      dataset,
      min: cents(min),
      expected: cents(expected),
      max: cents(max),
    }))
    .sort((a, b) => b.expected - a.expected || compare(a.dataset ?? "", b.dataset ?? ""));
}

function priceResource(scope: BillScope, resource: PricedResource): Priced {
  const pricer = PRICERS[resource.type];
  if (pricer) return pricer(scope, resource);
  const byUse = BY_USE[resource.type];
  if (byUse !== undefined) return { lines: [], unknown: [byUse] };
  if (FREE.some((prefix) => resource.type.startsWith(prefix))) return NOTHING;
  return { lines: [], unknown: [`${resource.type}: Basin has no price for it`] };
}

interface Billed {
  readonly item: CostItem;
  readonly min: number;
  readonly max: number;
}

/** Tiers are of the account's month, not of a line: each line pays the average of its price's total. */
function bill(lines: readonly Line[], prices: PriceList): Billed[] {
  const average = averagePrices(lines, prices);
  return lines.flatMap((line) => {
    const price = typeof line.price === "string" ? average.get(line.price) : line.price;
    if (!price) return [];
    const { quantity, resource, dataset, service, description, unit } = line;
    const item: CostItem = {
      urn: resource.urn,
      dataset: dataset ?? null,
      service,
      description,
      quantity: round(quantity.expected),
      unit,
      price: { value: round(price.value), date: price.date, source: price.source },
      monthly: cents(quantity.expected * price.value),
    };
    return [{ item, min: quantity.min * price.value, max: quantity.max * (price.max ?? price.value) }];
  });
}

function averagePrices(lines: readonly Line[], prices: PriceList): ReadonlyMap<PriceName, ComputedPrice> {
  const totals = new Map<PriceName, number>();
  for (const { price, quantity } of lines) {
    if (typeof price === "string") totals.set(price, (totals.get(price) ?? 0) + quantity.expected);
  }
  const averages = new Map<PriceName, ComputedPrice>();
  for (const [name, total] of totals) {
    const price = prices.items[name];
    if (!price) continue;
    const value = total > 0 ? amount(price, total) / total : price.value;
    const source = price.estimate ? `${price.source} (estimate)` : price.source;
    averages.set(name, { value, date: price.date, source });
  }
  return averages;
}

function unpriced(lines: readonly Line[], prices: PriceList): string[] {
  return lines.flatMap(({ price, description }) =>
    typeof price === "string" && !prices.items[price] ? [`${description}: the price file has no ${price}`] : [],
  );
}

function sum<T>(values: readonly T[], pick: (value: T) => number): number {
  return values.reduce((total, value) => total + pick(value), 0);
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Six significant digits: a figure of the plan is no more exact, and reads the same on every machine. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
