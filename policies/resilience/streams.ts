import { FIREHOSE, s3Destination } from "../encryption/streams";
import { propertyRule } from "../property-rule";
import { list, number, object, objects, text } from "../reading";
import type { Props } from "../rule";

/** A week-end and a day to repair it: what a stream forgets before it is read is lost. */
const SHORTEST_RETENTION_HOURS = 168;
const STREAM = ["aws:kinesis/stream:Stream"];

export const streamRetention = propertyRule({
  name: "kinesis-stream-retention",
  group: "resilience",
  description: "A stream keeps its records for seven days or more.",
  enforcement: "mandatory",
  types: STREAM,
  limits: { hours: { default: SHORTEST_RETENTION_HOURS, description: "The fewest hours that a record is kept." } },
  value: (props) => props.retentionPeriod,
  holds: (value, _, { hours = SHORTEST_RETENTION_HOURS }) => (number(value) ?? 24) >= hours,
  message: "the stream forgets records before a failed reader is repaired",
  fix: "retentionPeriod: 168",
});

const NEEDED_METRICS = ["IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"];

export const streamMetrics = propertyRule({
  name: "kinesis-shard-metrics",
  group: "resilience",
  description: "A provisioned stream shows, by shard, how far readers are behind and what it refused.",
  enforcement: "mandatory",
  types: STREAM,
  applies: (props) => text(object(objects(props.streamModeDetails)[0]).streamMode) !== "ON_DEMAND",
  value: (props) => props.shardLevelMetrics,
  // `ALL` comes back from AWS as the list of all, and so as a change in every later run.
  holds: (value) => NEEDED_METRICS.every((metric) => list(value).includes(metric)) && !list(value).includes("ALL"),
  message: "a hot shard, or one whose reader is behind, is not seen",
  fix: 'shardLevelMetrics: ["IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"]',
});

const destination = (props: Props): Props => s3Destination(props) ?? {};

export const deliveryErrors = propertyRule({
  name: "firehose-error-logging",
  group: "resilience",
  description: "A delivery stream says why it could not deliver.",
  enforcement: "mandatory",
  types: FIREHOSE,
  value: (props) => destination(props).cloudwatchLoggingOptions,
  holds: (value) => {
    const { enabled, logGroupName, logStreamName } = object(objects(value)[0]);
    return enabled === true && text(logGroupName) !== undefined && text(logStreamName) !== undefined;
  },
  message: "records that cannot be delivered fail in silence",
  fix: "cloudwatchLoggingOptions: { enabled: true, logGroupName: group.name, logStreamName: stream.name }",
});
