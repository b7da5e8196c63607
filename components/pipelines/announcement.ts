import type { Environment } from "../environment";
import { clusterLogKey } from "../spark-cluster/places";
import { CALL_SECONDS, RETRY, type TaskState } from "./states";

/** SNS's limit on a subject. */
const SUBJECT_LIMIT = 100;

export interface AnnouncementScope {
  readonly environment: Environment;
  /** What runs, as the state machine's group. */
  readonly group: string;
  /** Cluster whose logs the announcement links to; the group's own when left out. */
  readonly cluster?: string;
  readonly alertsTopicArn: string;
}

export interface Happening {
  readonly happened: string;
  /** More lines, by their titles; a value that begins with `$` is a path in the state's input. */
  readonly details?: Readonly<Record<string, string>>;
  /** `$.cluster` names the run's cluster. */
  readonly hasCluster: boolean;
  /** Where the reason stands; `$.failure` when left out. */
  readonly cause?: string;
}

/** A state that says what failed, where its logs are, and why. */
export function announcement(scope: AnnouncementScope, what: Happening, next: string): TaskState {
  const { settings, names } = scope.environment;
  const logs =
    `https://${settings.region}.console.aws.amazon.com/s3/buckets/${names.bucket("logs")}` +
    `?region=${settings.region}&prefix=${clusterLogKey(scope.cluster ?? scope.group)}`;
  const lines: [text: string, ...paths: string[]][] = [
    [what.happened],
    ...Object.entries(what.details ?? {}).map(([title, value]): [string, ...string[]] =>
      value.startsWith("$") ? [`${title}: {}`, value] : [`${title}: ${value}`],
    ),
    ["Execution: {}", "$$.Execution.Id"],
    what.hasCluster ? [`Logs: ${logs}{}/`, "$.cluster.ClusterId"] : [`Logs: ${logs}`],
    ["Cause: {}", `States.JsonToString(${what.cause ?? "$.failure"})`],
  ];
  const template = lines.map(([text]) => text).join("\n");
  const paths = lines.flatMap(([, ...values]) => values);
  const subject = `${names.inAccount(scope.group)}: ${what.happened}`;
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: {
      TopicArn: scope.alertsTopicArn,
      Subject: subject.slice(0, SUBJECT_LIMIT),
      "Message.$": `States.Format('${template}', ${paths.join(", ")})`,
    },
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: RETRY,
    // An alarm that cannot be raised must not keep the cluster alive.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unannounced", Next: next }],
    Next: next,
  };
}
