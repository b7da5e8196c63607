import type { Environment } from "../environment";

/** How an execution ends that did not end well, in Step Functions' words. */
export const ENDED_BADLY = ["FAILED", "TIMED_OUT", "ABORTED"] as const;

type Scope = Pick<Environment, "names" | "settings">;

/** An EventBridge pattern: each field lists what it may be. */
export type EventPattern = Readonly<Record<string, unknown>>;

/**
 * Executions that did not end well, of every state machine of this stack: their names begin with prefix and stack, so
 * that none has to be listed here, and none can be forgotten.
 */
export function failedExecutions(scope: Scope): EventPattern {
  return {
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: { status: ENDED_BADLY, stateMachineArn: [{ prefix: stateMachines(scope) }] },
  };
}

/** Everything that happens to this stack's executions and clusters: a cluster is gone long before its questions come. */
export function operations(scope: Scope): EventPattern {
  return {
    source: ["aws.states", "aws.emr"],
    detail: { $or: [{ stateMachineArn: [{ prefix: stateMachines(scope) }] }, { name: [{ prefix: ownNames(scope) }] }] },
  };
}

/** What somebody reads who was woken up: what failed, how, when, and where to look. */
export function failureMessage({ settings }: Pick<Scope, "settings">): {
  inputPaths: Record<string, string>;
  inputTemplate: string;
} {
  const console = `https://${settings.region}.console.aws.amazon.com/states/home?region=${settings.region}`;
  const text = [
    `${settings.prefix} ${settings.stack}: execution <name> ended <status> at <time>.`,
    `State machine: <machine>.`,
    `First look: ${console}#/v2/executions/details/<execution>`,
  ];
  return {
    inputPaths: {
      name: "$.detail.name",
      status: "$.detail.status",
      time: "$.time",
      machine: "$.detail.stateMachineArn",
      execution: "$.detail.executionArn",
    },
    // One JSON string a line; EventBridge replaces what stands in angle brackets.
    inputTemplate: text.map((line) => JSON.stringify(line)).join("\n"),
  };
}

function stateMachines(scope: Scope): string {
  return scope.names.arn("states", `stateMachine:${ownNames(scope)}`);
}

function ownNames({ names }: Scope): string {
  return names.inAccount("");
}
