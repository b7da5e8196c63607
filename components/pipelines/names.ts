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

/** A state's name, within the language's 80 characters. */
export function stateName(text: string): string {
  return shorten(text, STATE_NAME_LIMIT);
}
