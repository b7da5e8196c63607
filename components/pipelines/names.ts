import { shorten, type Names } from "../names";

/** Names that others match on: alarms by the machine's name, the clean-up by its prefix. */
export const PIPELINE_ROLE = "pipeline-";
const STATE_NAME_LIMIT = 80;

/** The state machine of a group of datasets. */
export function stateMachineName(names: Names, group: string): string {
  return names.inAccount(`${PIPELINE_ROLE}${group}`, STATE_NAME_LIMIT);
}

/** Begins the ARN of every group's state machine, and of nothing else. */
export function stateMachineArnPrefix(names: Names): string {
  return names.arn("states", `stateMachine:${names.inAccount(PIPELINE_ROLE, STATE_NAME_LIMIT)}`);
}

/** Operations are apart from groups: a dataset may be called as one of them. */
const OPERATION_ROLE = "operation-";

/** The state machine by which an owner's people do one operation. */
export function operationMachineName(names: Names, operation: string, owner?: string): string {
  const role = `${OPERATION_ROLE}${operation}${owner === undefined ? "" : `-${owner}`}`;
  return names.inAccount(role, STATE_NAME_LIMIT);
}

/** Begins the ARN of every operation's state machine, and of nothing else. */
export function operationArnPrefix(names: Names): string {
  return names.arn("states", `stateMachine:${names.inAccount(OPERATION_ROLE, STATE_NAME_LIMIT)}`);
}

/** A state's name, within the language's 80 characters. */
export function stateName(text: string): string {
  return shorten(text, STATE_NAME_LIMIT);
}
