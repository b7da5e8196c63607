import { announcement, type AnnouncementScope, type Happening } from "./announcement";
import { stateName } from "./names";
import { firstAttempt, retryStates, whyFailed } from "./retry";
import { caught, type StateMachine } from "./states";

export interface StepStatesArgs {
  /** Begins the names of its states, and is the name of the one that runs the step. */
  readonly name: string;
  /** The step as EMR takes it, but for what it does on failure. */
  readonly step: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds: number;
  readonly scope: AnnouncementScope;
  readonly happened: Happening;
  /** What the branch hands on, beside whether it failed. */
  readonly result: Readonly<Record<string, unknown>>;
  /** The state after its end, however it ended; none where the branch ends with it. */
  readonly onEnd?: string;
}

/**
 * A step on the cluster in `$.cluster`, and its announcement when it fails. It never fails itself: what runs beside it
 * goes on, and `failed` in its output says how it ended.
 */
export function stepStates(args: StepStatesArgs): StateMachine {
  const { name, scope, result, onEnd } = args;
  const end = onEnd === undefined ? ({ End: true } as const) : { Next: onEnd };
  const state = (text: string): string => stateName(`${name}: ${text}`);
  const run = stateName(name);
  return {
    StartAt: state("first attempt"),
    States: {
      [state("first attempt")]: firstAttempt(run),
      [run]: {
        Type: "Task",
        Resource: "arn:aws:states:::elasticmapreduce:addStep.sync",
        Parameters: {
          "ClusterId.$": "$.cluster.ClusterId",
          // With steps side by side EMR takes nothing else; the machine terminates the cluster itself.
          Step: { ...args.step, ActionOnFailure: "CONTINUE" },
        },
        TimeoutSeconds: args.timeoutSeconds,
        ResultPath: null,
        Catch: caught(whyFailed(name)),
        Next: state("done"),
      },
      [state("done")]: { Type: "Pass", Parameters: { ...result, failed: false }, ...end },
      ...retryStates({ name, again: run, giveUp: announceName(name), onCluster: true }),
      [announceName(name)]: announcement(scope, args.happened, state("failed")),
      [state("failed")]: { Type: "Pass", Parameters: { ...result, failed: true }, ...end },
    },
  };
}

/** Name of the state that announces its failure. */
export function announceName(name: string): string {
  return stateName(`${name}: announce`);
}

/** The most events that one step adds to a history: every attempt fails, and each is looked into. */
export const STEP_EVENTS = 5 * 30 + 20;
