import { measuredZones } from "../../data-lake/measured-zones";
import type { Environment } from "../../environment";
import { compositesOf, compositeName } from "../alarms/composite";
import type { Alarm } from "../alarms/alarm";
import { alarmName } from "../alarms/render";
import { JOBS, jobMetric, stackDimension, type JobMetric } from "../metrics/jobs";
import { metric, type MetricDefinition, type Statistic } from "../metrics/metric";
import { AGENT, EMR, FIREHOSE, KINESIS, S3, SCHEDULER, SNS, STATES } from "../metrics/services";
import type { Dashboard, Widget } from "./dashboard";
import { vcpuSecondPrice } from "./price";

/** What one alarm widget shows. Source: CloudWatch, dashboard body structure. */
const MOST_ALARMS = 100;
const WORST = 20;

/**
 * Every dashboard of a stack: their number does not grow with the datasets, because a reader chooses the dataset, stream
 * or cluster at the top.
 */
export function dashboardsOf(environment: Environment, alarms: readonly Alarm[]): Dashboard[] {
  const hasStreams = environment.datasets.some(({ source }) => source.kind === "stream");
  return [
    platform(environment, alarms),
    datasets(environment),
    clusters(),
    ...(hasStreams ? [streams(environment)] : []),
  ];
}

function platform(environment: Environment, alarms: readonly Alarm[]): Dashboard {
  const { names } = environment;
  const worst = (title: string, name: JobMetric, statistic: Statistic): Widget => ({
    kind: "search",
    title,
    definition: JOBS[name],
    statistic,
    where: { Stack: stackDimension(environment) },
    top: WORST,
  });
  const executions = (title: string, definition: MetricDefinition): Widget => ({
    kind: "search",
    title,
    definition,
    statistic: "Sum",
    where: { StateMachineArn: names.inAccount("pipeline") },
    top: WORST,
  });
  return {
    role: "platform",
    widgets: [
      ...alarmWidgets(environment, alarms),
      worst(`The ${WORST} datasets whose rows came latest (seconds)`, "CommitAge", "Maximum"),
      worst(`The ${WORST} with most rejects`, "RowsRejected", "Sum"),
      worst(`The ${WORST} longest runs (seconds)`, "RunSeconds", "Maximum"),
      executions("Runs that succeeded", STATES.ExecutionsSucceeded),
      executions("Runs that failed", STATES.ExecutionsFailed),
      executions("Runs that timed out", STATES.ExecutionsTimedOut),
      {
        kind: "series",
        title: "S3: errors and requests to slow down",
        series: measuredZones().map(({ bucket, zone }) =>
          metric(S3["5xxErrors"], "Sum", { BucketName: names.bucket(bucket), FilterId: zone }),
        ),
      },
      {
        kind: "series",
        title: "S3: requests",
        series: measuredZones().map(({ bucket, zone }) =>
          metric(S3.AllRequests, "Sum", { BucketName: names.bucket(bucket), FilterId: zone }),
        ),
      },
      {
        kind: "series",
        title: "Schedules that were dropped, alerts that reached nobody",
        series: [
          metric(SCHEDULER.InvocationDroppedCount, "Sum", { ScheduleGroup: "default" }),
          metric(SNS.NumberOfNotificationsFailed, "Sum", { TopicName: names.inAccount("alerts", 256) }),
        ],
      },
    ],
  };
}

/** Those that publish: a dataset's composite, and what belongs to the platform. */
function alarmWidgets(environment: Environment, alarms: readonly Alarm[]): Widget[] {
  const arn = (name: string): string => environment.names.arn("cloudwatch", `alarm:${name}`);
  const composites = compositesOf(environment, alarms).map((each) => arn(compositeName(environment, each)));
  const own = alarms.filter(({ dataset }) => dataset === undefined).map((each) => arn(alarmName(environment, each)));
  const groups: [string, string[]][] = [
    ["Datasets", composites],
    ["Platform", own],
  ];
  return groups.flatMap(([title, arns]) =>
    Array.from({ length: Math.ceil(arns.length / MOST_ALARMS) }, (_, page): Widget => {
      const shown = arns.slice(page * MOST_ALARMS, (page + 1) * MOST_ALARMS);
      return { kind: "alarms", title: arns.length > MOST_ALARMS ? `${title} (${page + 1})` : title, arns: shown };
    }),
  );
}

function datasets(environment: Environment): Dashboard {
  const placeholder = "ANY_DATASET";
  const series = (name: JobMetric, statistic: Statistic) => jobMetric(environment, name, statistic, placeholder);
  const one = (title: string, name: JobMetric, statistic: Statistic): Widget => ({
    kind: "series",
    title,
    series: [series(name, statistic)],
  });
  return {
    role: "datasets",
    choice: {
      label: "Dataset",
      placeholder,
      definition: JOBS.TableVersion,
      populateFrom: "Dataset",
      where: { Stack: stackDimension(environment) },
    },
    widgets: [
      one("Freshness: age of the oldest row when it became visible (seconds)", "CommitAge", "Maximum"),
      {
        kind: "series",
        title: "Rows: in, accepted, rejected",
        series: [series("RowsIn", "Sum"), series("RowsAccepted", "Sum"), series("RowsRejected", "Sum")],
      },
      one("Rows of the table", "TableRows", "Maximum"),
      one("Bytes of the table", "TableBytes", "Maximum"),
      one("Files of the table", "TableFiles", "Maximum"),
      {
        kind: "formula",
        title: "Bloat: mean size of a file (bytes; falls as files splinter)",
        series: [series("TableBytes", "Maximum"), series("TableFiles", "Maximum")],
        formula: "IF(m2 > 0, m1 / m2, 0)",
        label: "bytes a file",
      },
      one("Run time (seconds)", "RunSeconds", "Maximum"),
      {
        kind: "formula",
        title: "Cost of its runs (USD, by vCPU time at the mean price)",
        series: [series("CoreSeconds", "Sum")],
        formula: `m1 * ${vcpuSecondPrice(environment)}`,
        label: "USD",
      },
      one("Version of the table", "TableVersion", "Maximum"),
    ],
  };
}

function streams({ names }: Environment): Dashboard {
  const placeholder = "ANY_STREAM";
  const of = (definition: MetricDefinition, statistic: Statistic) =>
    metric(definition, statistic, { StreamName: placeholder });
  const archives = (title: string, definition: MetricDefinition, statistic: Statistic): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: { DeliveryStreamName: names.inAccount("archive") },
    top: WORST,
  });
  return {
    role: "streams",
    choice: {
      label: "Stream",
      placeholder,
      definition: KINESIS.IncomingRecords,
      populateFrom: "StreamName",
      where: { StreamName: names.inAccount("stream") },
    },
    widgets: [
      { kind: "series", title: "Bytes in", series: [of(KINESIS.IncomingBytes, "Sum")] },
      { kind: "series", title: "Records in", series: [of(KINESIS.IncomingRecords, "Sum")] },
      {
        kind: "series",
        title: "Age of the oldest unread record (milliseconds)",
        series: [of(KINESIS["GetRecords.IteratorAgeMilliseconds"], "Maximum")],
      },
      {
        kind: "series",
        title: "Throttles: writes, reads",
        series: [
          of(KINESIS.WriteProvisionedThroughputExceeded, "Sum"),
          of(KINESIS.ReadProvisionedThroughputExceeded, "Sum"),
        ],
      },
      archives(
        "Archives: age of the oldest undelivered record (seconds)",
        FIREHOSE["DeliveryToS3.DataFreshness"],
        "Maximum",
      ),
      archives("Archives: share delivered at the first attempt", FIREHOSE["DeliveryToS3.Success"], "Average"),
    ],
  };
}

/** What Ganglia showed, by node: the agent on each of them sends it. */
function clusters(): Dashboard {
  const placeholder = "j-ANYCLUSTER";
  const nodes = (title: string, definition: MetricDefinition, statistic: Statistic = "Average"): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: { "cluster.id": placeholder },
  });
  const yarn = (title: string, ...definitions: MetricDefinition[]): Widget => ({
    kind: "series",
    title,
    series: definitions.map((definition) => metric(definition, "Maximum", { JobFlowId: placeholder })),
  });
  return {
    role: "clusters",
    choice: { label: "Cluster", placeholder, definition: EMR.CoreNodesRunning, populateFrom: "JobFlowId" },
    widgets: [
      nodes("CPU idle by node (%)", AGENT.cpu_usage_idle),
      nodes("CPU waiting for I/O by node (%)", AGENT.cpu_usage_iowait),
      nodes("Memory used by node (%)", AGENT.mem_used_percent),
      nodes("Disk used by node (%)", AGENT.disk_used_percent, "Maximum"),
      nodes("Network in by node (bytes)", AGENT.net_bytes_recv),
      nodes("Network out by node (bytes)", AGENT.net_bytes_sent),
      yarn("Nodes", EMR.CoreNodesRunning, EMR.TaskNodesRunning),
      yarn("Nodes lost or unhealthy", EMR.MRLostNodes, EMR.MRUnhealthyNodes),
      yarn("Waiting: containers, applications", EMR.ContainerPending, EMR.AppsPending),
      yarn("Units: asked for, running", EMR.TotalUnitsRequested, EMR.TotalUnitsRunning),
      yarn("YARN memory free (%)", EMR.YARNMemoryAvailablePercentage),
      yarn("HDFS used (%)", EMR.HDFSUtilization),
    ],
  };
}
