import { OPERATIONS, type OperationName } from "../../components/pipelines/operations/catalogue";
import { CheckFailed } from "../../declarations/faults";
import { STDOUT, writeJson } from "../json";
import { decidePlatform } from "../plan/plan";
import { processTerminal } from "../terminal";
import { runExecutions, type ExecutionOutcome } from "./executions";
import { operationRequests, type Asked } from "./request";
import "../quiet-sdk";

export interface StackOptions {
  readonly stack: string;
  readonly datasets?: string;
  readonly endpointUrl?: string;
  readonly detach?: boolean;
  readonly json?: string;
}

/**
 * Does an operation on a deployed stack: starts its state machine, says which execution that is, and waits for its end.
 *
 * @param names datasets; all when there are none
 * @throws InputError when it could not be started; CheckFailed when it did not succeed.
 */
export async function operateOnStack(
  name: OperationName,
  names: readonly string[],
  asked: Asked,
  { stack, datasets, endpointUrl, detach, json }: StackOptions,
): Promise<void> {
  const terminal = processTerminal({ quiet: json === STDOUT });
  const environment = decidePlatform({ stack, datasetsDir: datasets });
  const requests = operationRequests(environment, OPERATIONS[name], names, asked);
  const { region } = environment.settings;
  const reach = { region, ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }) };
  const outcomes = await runExecutions(environment, reach, requests, {
    detach,
    onStarted: ({ title, executionArn }) => {
      terminal.say(`${name} of ${title}: started ${executionArn}`);
      terminal.say(consoleLink(region, executionArn));
      if (!detach) terminal.progress(`${name} of ${title} goes on; it does not need this command to`);
    },
  }).finally(() => terminal.endProgress());
  if (json !== undefined) writeJson(json, { version: 1, operation: name, stack, executions: outcomes });
  if (!detach) outcomes.forEach((outcome) => terminal.say(outcomeLine(name, outcome)));
  const failed = outcomes.filter(({ status }) => status !== "RUNNING" && status !== "SUCCEEDED");
  if (failed.length > 0)
    throw new CheckFailed(failed.map(({ title }) => `${name} of ${title} did not succeed`).join("\n"));
}

function outcomeLine(name: OperationName, { title, status, cause }: ExecutionOutcome): string {
  return `${name} of ${title}: ${status}${cause === undefined ? "" : `: ${cause}`}`;
}

function consoleLink(region: string, executionArn: string): string {
  return `  https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}
