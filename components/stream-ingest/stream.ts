import type { Environment } from "../environment";

/** What a stream's size means to Kinesis. */
export interface StreamConfiguration {
  readonly streamModeDetails: { readonly streamMode: "ON_DEMAND" | "PROVISIONED" };
  /** Provisioned streams only: an on-demand stream that is given shards differs in every run. */
  readonly shardCount?: number;
  /** Hours. */
  readonly retentionPeriod: number;
  readonly shardLevelMetrics: string[];
}

/**
 * What shows a hot or a stuck shard, which the stream's own metrics average away. Never `ALL`: it reads back as a list
 * and differs in every run. Each is a custom metric to the bill, once a shard.
 */
const SHARD_METRICS = ["IncomingBytes", "IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"] as const;

/** A dataset's stream as `capacity/` sized it. */
export function streamConfiguration(
  { capacity, settings }: Pick<Environment, "capacity" | "settings">,
  dataset: string,
): StreamConfiguration {
  const size = capacity.streams.find((stream) => stream.dataset === dataset);
  if (size === undefined) throw new Error(`capacity sizes no stream for ${dataset}`);
  const provisioned = size.mode === "provisioned";
  return {
    streamModeDetails: { streamMode: provisioned ? "PROVISIONED" : "ON_DEMAND" },
    ...(provisioned ? { shardCount: size.shards } : {}),
    retentionPeriod: Math.ceil(settings.streams.retention / 3_600),
    shardLevelMetrics: [...SHARD_METRICS],
  };
}
