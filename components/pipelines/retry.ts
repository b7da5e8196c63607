import { stateName } from "./names";
import { CALL_SECONDS, type ChoiceRule, type PassState, type State } from "./states";

/** How often a thing is tried: the last wait is some minutes long. */
const MOST_ATTEMPTS = 5;
const FIRST_WAIT = 30;
/** A cluster on which a Spot node was lost may fail a step for another reason, too. */
const MOST_SPOT_ATTEMPTS = 3;

/** How AWS's services say that they were asked too often; Step Functions passes it on in the cause. */
const THROTTLED = ["*ThrottlingException*", "*ThrottledException*", "*Rate exceeded*", "*TooManyRequests*"];
/** How Spark and YARN say that a node went away under them. */
const NODE_LOST = ["*Container released on a \\*lost\\* node*", "*ExecutorLostFailure*", "*Spot*interrupt*"];

/** Forgets earlier attempts. The count is kept in `$.retry`. */
export function firstAttempt(next: string): PassState {
  return { Type: "Pass", Result: { attempt: 1, seconds: FIRST_WAIT }, ResultPath: "$.retry", Next: next };
}

export interface RetryArgs {
  /** Begins the names of the states. */
  readonly name: string;
  /** The state that failed, with its error in `$.failure`. */
  readonly again: string;
  /** When it failed for a reason that another attempt would meet again. */
  readonly giveUp: string;
  /** Looks in EMR whether a Spot node was lost: what Spark says of it does not always reach the step's cause. */
  readonly onCluster?: boolean;
}

/** Name of the state to which a failure leads. */
export function whyFailed(name: string): string {
  return stateName(`${name}: why it failed`);
}

/** Tries again, each time after a longer wait, when a service was asked too often or a Spot node was lost: never else. */
export function retryStates({ name, again, giveUp, onCluster = false }: RetryArgs): Record<string, State> {
  const state = (text: string): string => stateName(`${name}: ${text}`);
  const wait = state("wait before trying again");
  const look = state("look for lost Spot nodes");
  const reasons = onCluster ? [...THROTTLED, ...NODE_LOST] : THROTTLED;
  return {
    [whyFailed(name)]: {
      Type: "Choice",
      Choices: [
        { Variable: "$.retry.attempt", NumericGreaterThanEquals: MOST_ATTEMPTS, Next: giveUp },
        { And: [{ Variable: "$.failure.Cause", IsPresent: true }, { Or: reasons.map(causeMatches) }], Next: wait },
        // A step that took all its time would take it again.
        { Variable: "$.failure.Error", StringEquals: "States.Timeout", Next: giveUp },
      ],
      Default: onCluster ? look : giveUp,
    },
    ...(onCluster ? lookForLostNodes(look, wait, giveUp) : {}),
    [wait]: { Type: "Wait", SecondsPath: "$.retry.seconds", Next: state("try again") },
    [state("try again")]: {
      Type: "Pass",
      Parameters: {
        "attempt.$": "States.MathAdd($.retry.attempt, 1)",
        // Half again to double, so that those who were throttled together do not come back together.
        "seconds.$": `States.MathAdd($.retry.seconds, States.MathRandom(${FIRST_WAIT / 2}, $.retry.seconds))`,
      },
      ResultPath: "$.retry",
      Next: again,
    },
  };
}

function lookForLostNodes(name: string, retry: string, giveUp: string): Record<string, State> {
  const outcome = stateName(`${name}: outcome`);
  return {
    [name]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:listInstances",
      Parameters: {
        "ClusterId.$": "$.cluster.ClusterId",
        InstanceFleetType: "TASK",
        InstanceStates: ["TERMINATED"],
      },
      // Nodes that managed scaling gave back ended for another reason.
      ResultSelector: {
        "lost.$":
          "States.ArrayContains($.Instances[?(@.Market == 'SPOT')].Status.StateChangeReason.Code, 'INSTANCE_FAILURE')",
      },
      ResultPath: "$.nodes",
      TimeoutSeconds: CALL_SECONDS,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unlisted", Next: giveUp }],
      Next: outcome,
    },
    [outcome]: {
      Type: "Choice",
      Choices: [
        { Variable: "$.retry.attempt", NumericGreaterThanEquals: MOST_SPOT_ATTEMPTS, Next: giveUp },
        { Variable: "$.nodes.lost", BooleanEquals: true, Next: retry },
      ],
      Default: giveUp,
    },
  };
}

function causeMatches(StringMatches: string): ChoiceRule {
  return { Variable: "$.failure.Cause", StringMatches };
}
