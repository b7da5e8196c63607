import { shapes, type Fixtures } from "../testing/fixtures";
import { deliveryErrors, streamMetrics, streamRetention } from "./streams";

const logging = (cloudwatchLoggingOptions: unknown): Record<string, unknown> => ({
  extendedS3Configuration: { cloudwatchLoggingOptions },
});
const needed = ["IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"];

export const fixtures: readonly Fixtures[] = [
  shapes(streamRetention, "the stream forgets records before a failed reader is repaired", {
    passing: { "a week": { retentionPeriod: 168 }, "a year": { retentionPeriod: 8760 } },
    failing: { "Kinesis's default": {}, "two days": { retentionPeriod: 48 } },
  }),
  shapes(streamMetrics, "a hot shard, or one whose reader is behind, is not seen", {
    passing: {
      "the two that tell": { shardLevelMetrics: [...needed, "IncomingBytes"] },
      "on demand": { streamModeDetails: { streamMode: "ON_DEMAND" } },
    },
    failing: {
      none: {},
      "one of two": { shardLevelMetrics: needed.slice(1) },
      ALL: { shardLevelMetrics: [...needed, "ALL"] },
    },
  }),
  shapes(deliveryErrors, "records that cannot be delivered fail in silence", {
    passing: { logged: logging({ enabled: true, logGroupName: "g", logStreamName: "s" }) },
    failing: {
      none: logging(undefined),
      off: logging({ enabled: false }),
      "no stream": logging({ enabled: true, logGroupName: "g" }),
    },
  }),
];
