import { measuredZones } from "../../data-lake/measured-zones";
import type { Environment } from "../../environment";
import type { Alarm } from "../alarms/alarm";
import { compositeName, type Composite } from "../alarms/composite";
import { alarmName } from "../alarms/render";
import { JOBS, stackDimension, type JobMetric } from "../metrics/jobs";
import { metric, type MetricDefinition, type Statistic } from "../metrics/metric";
import { S3, SCHEDULER, SNS, STATES } from "../metrics/services";
import { WORST, type Dashboard, type Widget } from "./dashboard";

/** What one alarm widget shows. Source: CloudWatch, dashboard body structure. */
const MOST_ALARMS = 100;

/** The whole stack at a glance: what fires, and the worst of everything that there may be thousands of. */
export function platformDashboard(
  environment: Environment,
  alarms: readonly Alarm[],
  composites: readonly Composite[],
): Dashboard {
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
      ...alarmWidgets(environment, alarms, composites),
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
          metric(SNS.NumberOfNotificationsFailed, "Sum", { TopicName: names.alertsTopic() }),
        ],
      },
    ],
  };
}

/** Those that publish: a dataset's composite, and what belongs to the platform. */
function alarmWidgets(environment: Environment, alarms: readonly Alarm[], composites: readonly Composite[]): Widget[] {
  const arn = (name: string): string => environment.names.arn("cloudwatch", `alarm:${name}`);
  const own = alarms.filter(({ dataset }) => dataset === undefined).map((each) => arn(alarmName(environment, each)));
  const groups: [string, string[]][] = [
    ["Datasets", composites.map((each) => arn(compositeName(environment, each)))],
    ["Platform", own],
  ];
  return groups.flatMap(([title, arns]) =>
    Array.from({ length: Math.ceil(arns.length / MOST_ALARMS) }, (_, page): Widget => {
      const shown = arns.slice(page * MOST_ALARMS, (page + 1) * MOST_ALARMS);
      return { kind: "alarms", title: arns.length > MOST_ALARMS ? `${title} (${page + 1})` : title, arns: shown };
    }),
  );
}
