import type { Dataset } from "../declarations/dataset";
import { InputError } from "../declarations/faults";
import { formatBytes, type Bytes, type Seconds } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { amount, referencePrices, type PriceList, type PriceName } from "./prices";
import { ceilUnits } from "./rounding";
import type { StreamSize } from "./sizes";
import { SECONDS_A_DAY } from "./volume";
import { formatNumber } from "./wording";
import type { ScaledVolume } from "./volumes";

/** What one provisioned shard takes in. Source: Kinesis Data Streams quotas. */
const SHARD_BYTES_PER_SECOND = 1_000_000;
const SHARD_RECORDS_PER_SECOND = 1_000;
/** Shards of all provisioned streams of an account together, by default, in the large regions; AWS raises it on request. */
const DEFAULT_SHARD_QUOTA = 20_000;
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

/** Billed units a month of a provisioned stream that is read once (by its delivery stream). */
export function provisionedUsage(volume: ScaledVolume, shards: number, retention: Seconds): StreamUsage[] {
  const records = recordsAMonth(volume);
  const shardHours = shards * HOURS_A_MONTH;
  const usage: StreamUsage[] = [
    { price: "kinesis-shard", quantity: shardHours },
    { price: "kinesis-put", quantity: (records * Math.ceil(volume.record / PUT_UNIT)) / 1e6 },
  ];
  if (retention > FREE_RETENTION) usage.push({ price: "kinesis-retention", quantity: shardHours });
  return [...usage, ...longRetention(volume.daily, retention)];
}

/** Billed units a month of an on-demand stream that is read once. */
export function onDemandUsage(volume: ScaledVolume, retention: Seconds): StreamUsage[] {
  const billedRecord = Math.ceil(volume.record / ON_DEMAND_STEP) * ON_DEMAND_STEP;
  const gigabytes = (recordsAMonth(volume) * billedRecord) / GB;
  const usage: StreamUsage[] = [
    { price: "kinesis-on-demand-stream", quantity: HOURS_A_MONTH },
    { price: "kinesis-on-demand-in", quantity: gigabytes },
    { price: "kinesis-on-demand-out", quantity: gigabytes },
  ];
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

/** Size and mode of a dataset's stream. @throws InputError for a record that Kinesis does not take. */
export function sizeStream(dataset: Dataset, volume: ScaledVolume, settings: Settings): StreamSize {
  refuseLargeRecords(dataset, volume);
  const { mode: wanted, headroom, retention } = settings.streams;
  const { byBytes, byRecords, shards } = shardsFor(volume, headroom);
  const prices = referencePrices(settings.region);
  const provisioned = monthly(provisionedUsage(volume, shards, retention), prices);
  const onDemand = monthly(onDemandUsage(volume, retention), prices);
  const fitsOnDemand = volume.peak * volume.record <= ON_DEMAND_BYTES_PER_SECOND;
  const cheaper = onDemand < provisioned && fitsOnDemand ? "on-demand" : "provisioned";
  const mode = wanted === "auto" ? cheaper : wanted;
  if (mode === "on-demand" && !fitsOnDemand) refuseOnDemand(dataset, volume, settings);
  const reason = [
    `peak of ${formatNumber(volume.peak)} records/s × ${formatBytes(volume.record)} with ${headroom * 100} % head-room`,
    `shards by bytes ${formatNumber(byBytes)}, by records ${formatNumber(byRecords)}`,
    "its archive is its one reader: the 2 MB/s that a shard gives are twice what it takes in, so no fan-out",
    `provisioned ${dollars(provisioned)}, on-demand ${dollars(onDemand)} a month${wanted === "auto" ? "" : `; ${wanted} by streams.mode`}`,
    ...(mode === "provisioned" && shards > DEFAULT_SHARD_QUOTA
      ? [`above the default quota of ${formatNumber(DEFAULT_SHARD_QUOTA)} shards: ask AWS for more first`]
      : []),
  ].join("; ");
  return { dataset: dataset.name, mode, shards, reason };
}

function monthly(usage: readonly StreamUsage[], prices: PriceList): number {
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

function dollars(value: number): string {
  return `$${formatNumber(value)}`;
}
