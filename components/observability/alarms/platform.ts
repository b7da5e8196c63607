import { stateMachineName } from "../../pipelines/names";
import type { Environment } from "../../environment";
import { metric } from "../metrics/metric";
import { EVENTS, S3, SCHEDULER, SNS, STATES } from "../metrics/services";
import { ONCE, PERSISTENT, QUIET_WHEN_MISSING, type Alarm } from "./alarm";
import { measuredZones } from "../../data-lake/measured-zones";

/** Whose trouble it is where no dataset's owner is meant. */
export const PLATFORM = "platform";

/** S3 answers some requests with errors at any scale; what persists above this share is felt. */
const SERVER_ERRORS = 0.01;
const CLIENT_ERRORS = 0.05;

/** Names of the rules that turn events into a count that an alarm can watch, as parts of their names. */
export const DENIED_KEYS_RULE = "denied-keys";
export const SPOT_LOSS_RULE = "spot-loss";
/** Interruptions in five minutes, in the whole account, that are no longer the normal coming and going of Spot. */
const SPOT_INTERRUPTIONS = 10;

/** What belongs to no single dataset. */
export function platformAlarms(environment: Environment): Alarm[] {
  return [
    ...executions(environment),
    schedules(environment),
    ...storage(environment),
    countedEvents(environment, {
      kind: "denied-keys",
      rule: DENIED_KEYS_RULE,
      threshold: 0,
      severity: "ticket",
      meaning: "Somebody was denied the use of one of this stack's keys.",
    }),
    countedEvents(environment, {
      kind: "spot-loss",
      rule: SPOT_LOSS_RULE,
      threshold: SPOT_INTERRUPTIONS,
      severity: "ticket",
      meaning: "Spot instances are being taken away in numbers: runs go on, on demand and slower.",
    }),
    undelivered(environment),
  ];
}

/** The state machine of every group. Its owner is its datasets' where they share one. */
function executions(environment: Environment): Alarm[] {
  const { names, capacity, datasets } = environment;
  const ownerOf = new Map(datasets.map(({ name, owner }) => [name, owner]));
  return capacity.clusters.map((cluster) => {
    const arn = names.arn("states", `stateMachine:${stateMachineName(names, cluster.name)}`);
    const owners = new Set(cluster.datasets.map((dataset) => ownerOf.get(dataset)));
    const [only, ...others] = owners;
    const ended = [STATES.ExecutionsFailed, STATES.ExecutionsTimedOut, STATES.ExecutionsAborted];
    return {
      ...ONCE,
      kind: "failed-executions",
      subject: cluster.name,
      severity: "page",
      owner: only !== undefined && others.length === 0 ? only : PLATFORM,
      meaning: `A run of ${cluster.datasets.join(", ")} failed, timed out or was aborted.`.slice(0, 400),
      signal: { kind: "sum", metrics: ended.map((each) => metric(each, "Sum", { StateMachineArn: arn })) },
      comparison: "above",
      threshold: 0,
      missing: QUIET_WHEN_MISSING,
    };
  });
}

/** Schedules lie in the default group: `InvocationDroppedCount` counts what no retry could start. */
function schedules(environment: Environment): Alarm {
  return {
    ...ONCE,
    kind: "dropped-schedules",
    subject: environment.settings.stack,
    severity: "page",
    owner: PLATFORM,
    meaning: "A schedule could not start its run, even after its retries.",
    signal: { kind: "metric", metric: metric(SCHEDULER.InvocationDroppedCount, "Sum", { ScheduleGroup: "default" }) },
    comparison: "above",
    threshold: 0,
    missing: QUIET_WHEN_MISSING,
  };
}

function storage({ names }: Environment): Alarm[] {
  return measuredZones().flatMap(({ bucket, zone }) => {
    const series = (of: keyof typeof S3) => metric(S3[of], "Sum", { BucketName: names.bucket(bucket), FilterId: zone });
    const shared = {
      ...PERSISTENT,
      subject: zone,
      owner: PLATFORM,
      severity: "ticket",
      comparison: "above",
      missing: QUIET_WHEN_MISSING,
    } as const;
    return [
      {
        ...shared,
        kind: "storage-errors",
        meaning: `S3 answers more than ${SERVER_ERRORS * 100} % of the requests for ${zone} with an error or asks to slow down.`,
        signal: { kind: "share", part: series("5xxErrors"), whole: series("AllRequests") },
        threshold: SERVER_ERRORS,
      },
      {
        ...shared,
        kind: "denied-requests",
        meaning: `S3 refuses more than ${CLIENT_ERRORS * 100} % of the requests for ${zone}: denied, or for what is not there.`,
        signal: { kind: "share", part: series("4xxErrors"), whole: series("AllRequests") },
        threshold: CLIENT_ERRORS,
      },
    ];
  });
}

function countedEvents(
  { names, settings }: Environment,
  { rule, ...alarm }: Pick<Alarm, "kind" | "threshold" | "severity" | "meaning"> & { readonly rule: string },
): Alarm {
  return {
    ...alarm,
    ...ONCE,
    subject: settings.stack,
    owner: PLATFORM,
    signal: { kind: "metric", metric: metric(EVENTS.MatchedEvents, "Sum", { RuleName: names.inAccount(rule) }) },
    comparison: "above",
    missing: QUIET_WHEN_MISSING,
  };
}

/** An alert that reached nobody can only be seen from here. */
function undelivered({ names, settings }: Environment): Alarm {
  const topic = { TopicName: names.alertsTopic() };
  return {
    ...ONCE,
    kind: "undelivered-alerts",
    subject: settings.stack,
    severity: "ticket",
    owner: PLATFORM,
    meaning: "An alert could not be delivered to one of its subscribers.",
    signal: { kind: "metric", metric: metric(SNS.NumberOfNotificationsFailed, "Sum", topic) },
    comparison: "above",
    threshold: 0,
    missing: QUIET_WHEN_MISSING,
  };
}
