import type { Names } from "../names";
import { CALL_SECONDS, caught, RETRY, type PassState, type State } from "./states";

/** Between two looks at whoever holds the claim. */
const LOOK_SECONDS = 120;
/** Waiting costs events of the execution's history, of which it has 25,000. */
export const LONGEST_WAIT = 4 * 3_600;

/** DynamoDB's answer to a condition that does not hold; asking again would change nothing. */
const HELD = "DynamoDB.ConditionalCheckFailedException";

export const CLAIM = "Claim the run";
const WHO = "Who holds the run";
const KNOWN = "Is the holder known";
const ALIVE = "Does the holder still run";
const OVER = "Has the holder ended";
const TAKE = "Take the run over";
const WAIT = "Wait for the holder";
const COUNT = "Count the waits";
const ENOUGH = "Has it waited long enough";

export interface ClaimArgs {
  readonly names: Names;
  /** What only one execution at a time may do: an item of the lock table. */
  readonly claim: string;
  /** Begins the states' names, where a machine claims more than one thing. */
  readonly prefix?: string;
  readonly onClaimed: string;
  /** When another execution went on for longer than this one could wait. */
  readonly onOverlap: string;
  readonly onError: string;
}

/** Key of a machine's item in the lock table; datasets' own keys have no slash. */
export function claimKey(name: string): string {
  return `run/${name}`;
}

/** Sets how long an execution waits for the one before: until its own next start is due. */
export function waitingFor(seconds: number, next: string): PassState {
  const most = Math.max(1, Math.floor(Math.min(seconds, LONGEST_WAIT) / LOOK_SECONDS));
  return { Type: "Pass", Result: { looks: 0, most }, ResultPath: "$.waiting", Next: next };
}

/** The most events that waiting adds to a history. */
export const CLAIM_EVENTS = (LONGEST_WAIT / LOOK_SECONDS) * 30;

/**
 * Makes sure that a machine does not overlap with itself. The claim has no lease: whoever finds it held asks Step
 * Functions whether the holder still runs, so an execution that was aborted never stands in the way.
 */
export function claimStates(args: ClaimArgs): Record<string, State> {
  const { onClaimed, onOverlap, onError, prefix = "" } = args;
  return prefixed(prefix, {
    [CLAIM]: put(args, "attribute_not_exists(holder) OR holder = :me", {}, onClaimed, WHO),
    [WHO]: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:getItem",
      Parameters: { TableName: lockTable(args.names), Key: key(args.claim), ConsistentRead: true },
      ResultPath: "$.held",
      TimeoutSeconds: CALL_SECONDS,
      Retry: RETRY,
      Catch: caught(onError),
      Next: KNOWN,
    },
    [KNOWN]: {
      Type: "Choice",
      Choices: [{ Variable: "$.held.Item.holder.S", IsPresent: true, Next: ALIVE }],
      Default: WAIT,
    },
    [ALIVE]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:describeExecution",
      Parameters: { "ExecutionArn.$": "$.held.Item.holder.S" },
      ResultSelector: { "Status.$": "$.Status" },
      ResultPath: "$.holder",
      TimeoutSeconds: CALL_SECONDS,
      Retry: [{ ErrorEquals: ["Sfn.ExecutionDoesNotExistException"], MaxAttempts: 0 }, ...RETRY],
      // Histories are kept for 90 days.
      Catch: [
        { ErrorEquals: ["Sfn.ExecutionDoesNotExistException"], ResultPath: "$.forgotten", Next: TAKE },
        ...caught(onError),
      ],
      Next: OVER,
    },
    [OVER]: {
      Type: "Choice",
      Choices: [{ Variable: "$.holder.Status", StringEquals: "RUNNING", Next: WAIT }],
      Default: TAKE,
    },
    [TAKE]: put(
      args,
      "attribute_not_exists(holder) OR holder = :old OR holder = :me",
      { ":old": { "S.$": "$.held.Item.holder.S" } },
      onClaimed,
      WAIT,
    ),
    [WAIT]: { Type: "Wait", Seconds: LOOK_SECONDS, Next: COUNT },
    [COUNT]: {
      Type: "Pass",
      Parameters: { "looks.$": "States.MathAdd($.waiting.looks, 1)", "most.$": "$.waiting.most" },
      ResultPath: "$.waiting",
      Next: ENOUGH,
    },
    [ENOUGH]: {
      Type: "Choice",
      Choices: [{ Variable: "$.waiting.looks", NumericGreaterThanEqualsPath: "$.waiting.most", Next: onOverlap }],
      Default: CLAIM,
    },
  });
}

/** The same states under other names. */
function prefixed(prefix: string, states: Readonly<Record<string, State>>): Record<string, State> {
  const renamed = JSON.parse(JSON.stringify(states), (key, value: unknown) =>
    (key === "Next" || key === "Default") && typeof value === "string" && value in states ? prefix + value : value,
  ) as Record<string, State>;
  return Object.fromEntries(Object.entries(renamed).map(([name, state]) => [prefix + name, state]));
}

function put(
  { names, claim, onError }: ClaimArgs,
  ConditionExpression: string,
  values: Readonly<Record<string, unknown>>,
  next: string,
  held: string,
): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:putItem",
    Parameters: {
      TableName: lockTable(names),
      Item: { ...key(claim), holder: { "S.$": "$$.Execution.Id" }, since: { "S.$": "$$.State.EnteredTime" } },
      ConditionExpression,
      ExpressionAttributeValues: { ":me": { "S.$": "$$.Execution.Id" }, ...values },
    },
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: [{ ErrorEquals: [HELD], MaxAttempts: 0 }, ...RETRY],
    Catch: [{ ErrorEquals: [HELD], ResultPath: "$.refused", Next: held }, ...caught(onError)],
    Next: next,
  };
}

/** Gives the claim back. Should that fail, the next execution finds that its holder has ended. */
export function releaseState(names: Names, claim: string, next: string): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:deleteItem",
    Parameters: {
      TableName: lockTable(names),
      Key: key(claim),
      ConditionExpression: "holder = :me",
      ExpressionAttributeValues: { ":me": { "S.$": "$$.Execution.Id" } },
    },
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: [{ ErrorEquals: [HELD], MaxAttempts: 0 }, ...RETRY],
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unreleased", Next: next }],
    Next: next,
  };
}

export function lockTable(names: Names): string {
  return names.inAccount("locks", 255);
}

function key(claim: string): { lock: { S: string } } {
  return { lock: { S: claimKey(claim) } };
}
