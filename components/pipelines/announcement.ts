import type { Environment } from "../environment";
import { clusterLogKey } from "../spark-cluster/places";
import { RETRY, type TaskState } from "./states";

/** SNS's limit on a subject. */
const SUBJECT_LIMIT = 100;

export interface AnnouncementScope {
  readonly environment: Environment;
  readonly group: string;
  readonly alertsTopicArn: string;
}

/** A state that says what failed, where its logs are, and why. It is reached with the error in `$.failure`. */
export function announcement(
  scope: AnnouncementScope,
  what: { readonly dataset?: string; readonly step?: string; readonly happened: string; readonly hasCluster: boolean },
  next: string,
): TaskState {
  const { settings, names } = scope.environment;
  const logs =
    `https://${settings.region}.console.aws.amazon.com/s3/buckets/${names.bucket("logs")}` +
    `?region=${settings.region}&prefix=${clusterLogKey(scope.group)}`;
  const lines = [
    what.happened,
    ...(what.dataset === undefined ? [] : [`Dataset: ${what.dataset}`]),
    ...(what.step === undefined ? [] : [`Step: ${what.step}`]),
    "Execution: {}",
    `Logs: ${logs}${what.hasCluster ? "{}/" : ""}`,
    "Cause: {}",
  ];
  const values = [
    "$$.Execution.Id",
    ...(what.hasCluster ? ["$.cluster.ClusterId"] : []),
    "States.JsonToString($.failure)",
  ];
  const subject = `${names.inAccount(scope.group)}: ${what.happened}`;
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: {
      TopicArn: scope.alertsTopicArn,
      Subject: subject.slice(0, SUBJECT_LIMIT),
      "Message.$": `States.Format('${lines.join("\n")}', ${values.join(", ")})`,
    },
    ResultPath: null,
    Retry: RETRY,
    // An alarm that cannot be raised must not keep the cluster alive.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unannounced", Next: next }],
    Next: next,
  };
}
