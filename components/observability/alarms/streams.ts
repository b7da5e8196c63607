import type { Dataset } from "../../../declarations/dataset";
import { formatDuration } from "../../../declarations/units";
import { isRetired, type Environment } from "../../environment";
import { isDirect } from "../../../capacity/ways/direct";
import { wholeAfterSeconds } from "../../stream-ingest/archive";
import { jobMetric } from "../metrics/jobs";
import { metric, type Statistic } from "../metrics/metric";
import { FIREHOSE, KINESIS } from "../metrics/services";
import { ONCE, PERSISTENT, QUIET_WHEN_MISSING, type Alarm } from "./alarm";

/** A reader this far behind has a quarter of the retention left to be mended in, thrice over. */
const RETENTION_SHARE = 0.25;

/** A stream and its archive. A retired dataset's events are still archived, so its stream is still watched. */
export function streamAlarms(environment: Environment): Alarm[] {
  const streams = environment.datasets.filter(({ source }) => source.kind === "stream");
  return streams.flatMap((dataset) => [
    ...batches(environment, dataset),
    ...behind(environment, dataset),
    ...readAndWritten(environment, dataset),
    ...delivered(environment, dataset),
  ]);
}

/** A batch that lasts longer than its interval holds up the next one, which has all the more to do. */
function batches(environment: Environment, dataset: Dataset): Alarm[] {
  const { name, owner } = dataset;
  const run = environment.capacity.runs.find((each) => each.dataset === name);
  if (run === undefined || isRetired(environment, dataset)) return [];
  return [
    {
      ...ONCE,
      kind: "batch-time",
      subject: name,
      dataset: name,
      owner,
      severity: "ticket",
      meaning: `A batch of ${name} took longer than ${formatDuration(run.everySeconds)}, after which the next one is due.`,
      signal: { kind: "metric", metric: jobMetric(environment, "RunSeconds", "Maximum", name) },
      comparison: "above",
      threshold: run.everySeconds,
      missing: { treat: "notBreaching", why: "no batch, no time; that none comes is `silence`" },
    },
  ];
}

/** Where a standing cluster reads the stream: its newest record is older, when it is in the table, than readers may find it. */
function behind(environment: Environment, { name, owner, freshness }: Dataset): Alarm[] {
  if (!isDirect(environment.capacity, name)) return [];
  return [
    {
      ...PERSISTENT,
      kind: "stream-lag",
      subject: name,
      dataset: name,
      owner,
      severity: "page",
      meaning: `The cluster that reads the stream of ${name} is more than ${formatDuration(freshness)} behind it.`,
      signal: { kind: "metric", metric: jobMetric(environment, "StreamLag", "Maximum", name) },
      comparison: "above",
      threshold: freshness * 1_000,
      missing: { treat: "notBreaching", why: "a job that does not run publishes nothing; that none runs is `silence`" },
    },
  ];
}

function readAndWritten(environment: Environment, dataset: Dataset): Alarm[] {
  const { name } = dataset;
  const series = (of: keyof typeof KINESIS, statistic: Statistic): Alarm["signal"] => ({
    kind: "metric",
    metric: metric(KINESIS[of], statistic, { StreamName: environment.names.stream(name) }),
  });
  const behind = Math.round(environment.settings.streams.retention * RETENTION_SHARE);
  const shared = { ...PERSISTENT, subject: name, dataset: name, owner: dataset.owner, missing: QUIET_WHEN_MISSING };
  return [
    {
      ...shared,
      kind: "iterator-age",
      severity: "page",
      meaning: `A reader of the stream of ${name} is ${formatDuration(behind)} behind; what outlives the retention is lost.`,
      signal: series("GetRecords.IteratorAgeMilliseconds", "Maximum"),
      comparison: "above",
      threshold: behind * 1_000,
    },
    {
      ...shared,
      kind: "write-throttles",
      severity: "ticket",
      meaning: `The stream of ${name} refuses events: its producers send more than its shards take.`,
      signal: series("WriteProvisionedThroughputExceeded", "Sum"),
      comparison: "above",
      threshold: 0,
    },
    {
      ...shared,
      kind: "read-throttles",
      severity: "ticket",
      meaning: `Readers of the stream of ${name} ask for more than its shards give.`,
      signal: series("ReadProvisionedThroughputExceeded", "Sum"),
      comparison: "above",
      threshold: 0,
    },
  ];
}

function delivered(environment: Environment, dataset: Dataset): Alarm[] {
  const { name } = dataset;
  const archive = environment.capacity.archives.find((each) => each.dataset === name);
  if (archive === undefined) throw new Error(`capacity sizes no archive for ${name}`);
  const series = (of: keyof typeof FIREHOSE, statistic: Statistic): Alarm["signal"] => ({
    kind: "metric",
    metric: metric(FIREHOSE[of], statistic, { DeliveryStreamName: environment.names.archive(name) }),
  });
  const shared = { ...PERSISTENT, subject: name, dataset: name, owner: dataset.owner, severity: "page" } as const;
  const allowed = wholeAfterSeconds(archive);
  return [
    {
      ...shared,
      kind: "delivery-lag",
      meaning: `Events of ${name} wait longer than ${formatDuration(allowed)} before they are in raw.`,
      signal: series("DeliveryToS3.DataFreshness", "Maximum"),
      comparison: "above",
      threshold: allowed,
      missing: QUIET_WHEN_MISSING,
    },
    {
      ...shared,
      kind: "delivery-failures",
      meaning: `The archive of ${name} cannot write into raw; events wait in their stream.`,
      signal: series("DeliveryToS3.Success", "Average"),
      comparison: "below",
      threshold: 1,
      missing: QUIET_WHEN_MISSING,
    },
  ];
}
