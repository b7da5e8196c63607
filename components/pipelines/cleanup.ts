import type { Environment } from "../environment";
import { EXECUTION_TAG } from "../spark-cluster/recipe";
import { operationArnPrefix, stateMachineArnPrefix } from "./names";
import { CALL_SECONDS, caught, RETRY, type StateMachine, type TaskState } from "./states";

/** Tags are found some seconds after they were set. */
const TAGS_SECONDS = 60;

/** The end of an execution that could not end its cluster itself. */
export function brokenOffPattern({ names }: Pick<Environment, "names">): Record<string, unknown> {
  return {
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: {
      status: ["ABORTED", "TIMED_OUT", "FAILED"],
      stateMachineArn: [{ prefix: stateMachineArnPrefix(names) }, { prefix: operationArnPrefix(names) }],
    },
  };
}

/**
 * Terminates every cluster that carries the execution's name, and tells of an end that the execution could not tell
 * itself; its input is EventBridge's event.
 */
export function cleanupMachine(environment: Environment, alertsTopicArn: string): StateMachine {
  const { settings, names } = environment;
  const publish = (happened: string, end: string, values: string): TaskState => ({
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: {
      TopicArn: alertsTopicArn,
      Subject: `${names.inAccount("cleanup")}: ${happened}`,
      "Message.$": `States.Format('Execution {} ended as {}, ${end}', ${values})`,
    },
    TimeoutSeconds: CALL_SECONDS,
    Retry: RETRY,
    ResultPath: null,
  });
  return {
    Comment: "Terminates the clusters of an execution that failed, timed out or was aborted",
    StartAt: "Wait for tags",
    States: {
      "Wait for tags": { Type: "Wait", Seconds: TAGS_SECONDS, Next: "Find clusters" },
      "Find clusters": {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:resourcegroupstaggingapi:getResources",
        Parameters: {
          ResourceTypeFilters: ["elasticmapreduce:cluster"],
          TagFilters: [
            { Key: EXECUTION_TAG, "Values.$": "States.Array($.detail.name)" },
            { Key: "basin:stack", Values: [`${settings.prefix}-${settings.stack}`] },
          ],
        },
        ResultSelector: { "Arns.$": "$.ResourceTagMappingList[*].ResourceARN" },
        ResultPath: "$.clusters",
        TimeoutSeconds: CALL_SECONDS,
        Retry: RETRY,
        Catch: caught("Announce"),
        Next: "Terminate clusters",
      },
      "Terminate clusters": {
        Type: "Map",
        ItemsPath: "$.clusters.Arns",
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Terminate cluster",
          States: {
            "Terminate cluster": {
              Type: "Task",
              Resource: "arn:aws:states:::aws-sdk:emr:terminateJobFlows",
              Parameters: { "JobFlowIds.$": "States.Array(States.ArrayGetItem(States.StringSplit($, '/'), 1))" },
              TimeoutSeconds: CALL_SECONDS,
              Retry: RETRY,
              End: true,
            },
          },
        },
        ResultPath: null,
        Catch: caught("Announce"),
        Next: "Was it told",
      },
      "Was it told": {
        Type: "Choice",
        Choices: [{ Variable: "$.detail.status", StringEquals: "FAILED", Next: "Done" }],
        Default: "Announce the end",
      },
      "Announce the end": {
        ...publish(
          "an execution was broken off",
          "and its clusters are terminated",
          "$.detail.executionArn, $.detail.status",
        ),
        Next: "Done",
      },
      Announce: {
        ...publish(
          "a cluster may still run",
          "and its clusters could not be terminated. Cause: {}",
          "$.detail.executionArn, $.detail.status, States.JsonToString($.failure)",
        ),
        Next: "Failed",
      },
      Done: { Type: "Succeed" },
      Failed: {
        Type: "Fail",
        Error: "Basin.CleanupFailed",
        Cause: "A cluster may still run; the alert names its execution",
      },
    },
    TimeoutSeconds: 3_600,
  };
}
