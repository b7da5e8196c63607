import type { Dataset } from "../declarations/dataset";
import { InputError } from "../declarations/faults";
import { formatBytes, type Bytes, type Seconds } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { amount, referencePrices, type PriceList, type PriceName } from "./prices";
import { ceilUnits } from "./rounding";
import type { StreamSize } from "./sizes";
import { SECONDS_A_DAY } from "./volume";
import { dollars, formatNumber } from "./wording";
import type { ScaledVolume } from "./volumes";

/** What one provisioned shard takes in. Source: Kinesis Data Streams quotas. */
const SHARD_BYTES_PER_SECOND = 1_000_000;
const SHARD_RECORDS_PER_SECOND = 1_000;
/** Shards of all provisioned streams of an account together, by default, in the large regions; AWS raises it on request. */
const DEFAULT_SHARD_QUOTA = 20_000;
/** What a shard gives, to all readers without fan-out together; with it, to each. Source: the same. */
const SHARD_OUT_BYTES_PER_SECOND = 2_000_000;
/** A reader that fell behind must read so much faster than events come. */
const CATCH_UP = 1.25;
/** On-demand streams take in no more, in the large regions. */
const ON_DEMAND_BYTES_PER_SECOND = 10e9;
const LARGEST_RECORD: Bytes = 1_048_576;

/** Provisioned streams bill each record in units of 25 KB, on-demand streams in whole KB. */
const PUT_UNIT: Bytes = 25 * 1024;
const ON_DEMAND_STEP: Bytes = 1024;
const GB = 1024 ** 3;
const HOURS_A_MONTH = 730;
const DAYS_A_MONTH = HOURS_A_MONTH / 24;
const FREE_RETENTION: Seconds = SECONDS_A_DAY;
const EXTENDED_RETENTION: Seconds = 7 * SECONDS_A_DAY;

/** Shards that the peak needs by its bytes and by its records; a stream has the larger of the two. */
export function shardsFor(
  volume: Pick<ScaledVolume, "peak" | "record">,
  headroom: number,
): { byBytes: number; byRecords: number; shards: number } {
  const byBytes = ceilUnits((volume.peak * volume.record * (1 + headroom)) / SHARD_BYTES_PER_SECOND);
  const byRecords = ceilUnits((volume.peak * (1 + headroom)) / SHARD_RECORDS_PER_SECOND);
  return { byBytes, byRecords, shards: Math.max(1, byBytes, byRecords) };
}

/** Bytes a second that a stream takes in before it throttles its producers. */
export function shardLimit(
  { mode, shards }: Pick<StreamSize, "mode" | "shards">,
  { record }: Pick<ScaledVolume, "record">,
): number {
  if (mode === "on-demand") return ON_DEMAND_BYTES_PER_SECOND;
  return shards * Math.min(SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND * record);
}

/** One line of a stream's bill: how many units of which price a month. */
export interface StreamUsage {
  readonly price: PriceName;
  readonly quantity: number;
}

/** Who reads a stream beside its archive: nobody, or a cluster, which may have a way out of the shards for itself. */
export type Reader = "none" | "shared" | "fan-out";

/** Billed units a month of a provisioned stream. What the archive reads, and whoever shares with it, is free. */
export function provisionedUsage(
  volume: ScaledVolume,
  shards: number,
  retention: Seconds,
  reader: Reader = "none",
): StreamUsage[] {
  const records = recordsAMonth(volume);
  const shardHours = shards * HOURS_A_MONTH;
  const usage: StreamUsage[] = [
    { price: "kinesis-shard", quantity: shardHours },
    { price: "kinesis-put", quantity: (records * Math.ceil(volume.record / PUT_UNIT)) / 1e6 },
  ];
  if (retention > FREE_RETENTION) usage.push({ price: "kinesis-retention", quantity: shardHours });
  if (reader === "fan-out") {
    usage.push(
      { price: "kinesis-fan-out", quantity: shardHours },
      { price: "kinesis-fan-out-data", quantity: (volume.daily * DAYS_A_MONTH) / GB },
    );
  }
  return [...usage, ...longRetention(volume.daily, retention)];
}

/** Billed units a month of an on-demand stream: each reader's bytes out, the archive's among them. */
export function onDemandUsage(volume: ScaledVolume, retention: Seconds, reader: Reader = "none"): StreamUsage[] {
  const billedRecord = Math.ceil(volume.record / ON_DEMAND_STEP) * ON_DEMAND_STEP;
  const gigabytes = (recordsAMonth(volume) * billedRecord) / GB;
  const usage: StreamUsage[] = [
    { price: "kinesis-on-demand-stream", quantity: HOURS_A_MONTH },
    { price: "kinesis-on-demand-in", quantity: gigabytes },
    { price: "kinesis-on-demand-out", quantity: reader === "shared" ? 2 * gigabytes : gigabytes },
  ];
  if (reader === "fan-out") usage.push({ price: "kinesis-on-demand-fan-out", quantity: gigabytes });
  const kept = Math.min(retention, EXTENDED_RETENTION) - FREE_RETENTION;
  if (kept > 0) {
    const quantity = (gigabytes / DAYS_A_MONTH) * (kept / SECONDS_A_DAY);
    usage.push({ price: "kinesis-on-demand-retention", quantity });
  }
  return [...usage, ...longRetention(volume.daily, retention)];
}

function longRetention(daily: Bytes, retention: Seconds): StreamUsage[] {
  const days = (retention - EXTENDED_RETENTION) / SECONDS_A_DAY;
  return days > 0 ? [{ price: "kinesis-long-retention", quantity: (daily * days) / GB }] : [];
}

function recordsAMonth(volume: ScaledVolume): number {
  return (volume.daily / volume.record) * DAYS_A_MONTH;
}

/**
 * Whether a second reader needs fan-out: a shard's 2 MB/s are for both, and a reader must be able to catch up.
 *
 * @param perShard bytes a second into one shard at the peak
 */
export function needsFanOut(perShard: number): boolean {
  return perShard + perShard * CATCH_UP > SHARD_OUT_BYTES_PER_SECOND;
}

/**
 * Size and mode of a dataset's stream.
 *
 * @param isDirect a standing cluster reads it beside its archive
 * @throws InputError for a record that Kinesis does not take.
 */
export function sizeStream(dataset: Dataset, volume: ScaledVolume, settings: Settings, isDirect = false): StreamSize {
  refuseLargeRecords(dataset, volume);
  const { mode: wanted, headroom, retention } = settings.streams;
  const { byBytes, byRecords, shards } = shardsFor(volume, headroom);
  const perShard = (volume.peak * volume.record) / shards;
  const fanOut = isDirect && needsFanOut(perShard);
  const reader: Reader = isDirect ? (fanOut ? "fan-out" : "shared") : "none";
  const prices = referencePrices(settings.region);
  const provisioned = monthlyUsd(provisionedUsage(volume, shards, retention, reader), prices);
  const onDemand = monthlyUsd(onDemandUsage(volume, retention, reader), prices);
  const fitsOnDemand = volume.peak * volume.record <= ON_DEMAND_BYTES_PER_SECOND;
  const cheaper = onDemand < provisioned && fitsOnDemand ? "on-demand" : "provisioned";
  const mode = wanted === "auto" ? cheaper : wanted;
  if (mode === "on-demand" && !fitsOnDemand) refuseOnDemand(dataset, volume, settings);
  const reason = [
    `peak of ${formatNumber(volume.peak)} records/s × ${formatBytes(volume.record)} with ${headroom * 100} % head-room`,
    `shards by bytes ${formatNumber(byBytes)}, by records ${formatNumber(byRecords)}`,
    readersReason(reader, perShard),
    `provisioned ${dollars(provisioned)}, on-demand ${dollars(onDemand)} a month${wanted === "auto" ? "" : `; ${wanted} by streams.mode`}`,
    ...(mode === "provisioned" && shards > DEFAULT_SHARD_QUOTA
      ? [`above the default quota of ${formatNumber(DEFAULT_SHARD_QUOTA)} shards: ask AWS for more first`]
      : []),
  ].join("; ");
  return { dataset: dataset.name, mode, shards, fanOut, reason };
}

function readersReason(reader: Reader, perShard: number): string {
  if (reader === "none")
    return "its archive is its one reader: the 2 MB/s that a shard gives are twice what it takes in, so no fan-out";
  const both =
    `its archive and a cluster read it: ${formatBytes(perShard)}/s a shard at the peak, and ${CATCH_UP} times as much ` +
    "to catch up, of the 2 MB/s that a shard gives both";
  return reader === "fan-out" ? `${both} are too much: the cluster reads by fan-out` : `${both}: no fan-out`;
}

/** What usage costs at a file's prices. */
export function monthlyUsd(usage: readonly StreamUsage[], prices: PriceList): number {
  return usage.reduce((sum, { price, quantity }) => {
    const known = prices.items[price];
    return known ? sum + amount(known, quantity) : sum;
  }, 0);
}

function refuseLargeRecords(dataset: Dataset, volume: ScaledVolume): void {
  if (volume.record <= LARGEST_RECORD) return;
  throw new InputError([
    {
      where: dataset.file,
      key: "volume.record",
      message: "is more than Kinesis takes in one record",
      found: formatBytes(volume.record),
      allowed: `up to ${formatBytes(LARGEST_RECORD)}; larger objects come as files`,
    },
  ]);
}

function refuseOnDemand(dataset: Dataset, volume: ScaledVolume, settings: Settings): never {
  throw new InputError([
    {
      where: `Pulumi.${settings.stack}.yaml`,
      key: "config.basin:streams.mode",
      message: `an on-demand stream cannot take in the peak of ${dataset.name}, ${formatBytes(volume.peak * volume.record)}/s`,
      found: "on-demand",
      allowed: `provisioned or auto; on-demand up to ${formatBytes(ON_DEMAND_BYTES_PER_SECOND)}/s`,
    },
  ]);
}
