import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, type ExecutionStatus } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../../components/environment";
import { InputError } from "../../declarations/faults";
import { requireAccount, type Reach } from "../aws-account";
import type { OperationRequest } from "./request";

/** How an execution stands. */
export interface ExecutionOutcome {
  readonly executionArn: string;
  readonly title: string;
  readonly status: ExecutionStatus;
  /** Why it did not succeed, in Step Functions' words. */
  readonly cause?: string;
}

export interface FollowOptions {
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  /** Comes back as soon as they are started. */
  readonly detach?: boolean;
  readonly onStarted: (execution: ExecutionOutcome) => void;
}

/** A cluster takes minutes to start: there is no hurry. */
const LOOK_MS = 15_000;

/**
 * Starts executions and waits for their ends.
 *
 * @throws InputError when nothing could be started: no credentials, another account, no such machine, no right to it.
 */
export async function runExecutions(
  environment: Environment,
  reach: Reach,
  requests: readonly OperationRequest[],
  options: FollowOptions,
): Promise<ExecutionOutcome[]> {
  const [sts, states] = [new STSClient(reach), new SFNClient(reach)];
  try {
    await requireAccount(sts, environment);
    const started: ExecutionOutcome[] = [];
    for (const request of requests) {
      const execution = await start(states, environment, request);
      options.onStarted(execution);
      started.push(execution);
    }
    if (options.detach) return started;
    return await Promise.all(started.map((execution) => follow(states, execution, options.everyMs ?? LOOK_MS)));
  } finally {
    sts.destroy();
    states.destroy();
  }
}

async function start(
  client: SFNClient,
  { names, settings }: Environment,
  { machine, input, title }: OperationRequest,
): Promise<ExecutionOutcome> {
  const stateMachineArn = names.arn("states", `stateMachine:${machine}`);
  try {
    const request = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    const { executionArn } = await client.send(request);
    if (executionArn === undefined) throw new Error("Step Functions named no execution");
    return { executionArn, title, status: "RUNNING" };
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "StateMachineDoesNotExist") {
      const allowed = `deploy ${settings.stack} first, from this very revision`;
      throw new InputError([{ where: machine, message: "is not deployed", allowed }]);
    }
    if (name === "AccessDeniedException") {
      const allowed = `whoever has the policy ${machine}; see docs/operations.md`;
      throw new InputError([{ where: machine, message: "may not be started by you", found: message, allowed }]);
    }
    throw new InputError([{ where: machine, message: `could not be started: ${message}` }]);
  }
}

async function follow(client: SFNClient, started: ExecutionOutcome, everyMs: number): Promise<ExecutionOutcome> {
  for (;;) {
    const { executionArn } = started;
    const { status = "RUNNING", cause, error } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING" && status !== "PENDING_REDRIVE") {
      return { ...started, status, ...(status === "SUCCEEDED" ? {} : { cause: cause ?? error ?? "no reason given" }) };
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
