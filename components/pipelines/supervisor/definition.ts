import { refuse } from "../../../declarations/faults";
import type { Environment } from "../../environment";
import type { Names } from "../../names";
import { announcement, type AnnouncementScope } from "../announcement";
import { CLAIM, claimStates, releaseState, waitingFor } from "../claim";
import { caught, type State, type StateMachine } from "../states";
import type { Step } from "../step";
import { streamStates } from "./stream";

/** A standing cluster's generation, as `StandingCluster` made it. */
export interface GenerationReference {
  readonly generation: string;
  readonly clusterId: string;
}

export interface SupervisorArgs {
  readonly environment: Environment;
  /** The standing cluster's name. */
  readonly name: string;
  /** Where the streams belong, and where they may still run from before a rotation. */
  readonly active: GenerationReference;
  readonly others: readonly GenerationReference[];
  /** Steps that never end by themselves. */
  readonly streams: readonly Step[];
  readonly alertsTopicArn: string;
}

/** Between two starts of the supervisor. */
export const SUPERVISOR_MINUTES = 5;
const TIMEOUT_SECONDS = 3_600;
/** A stream that is moved is looked at 40 times and cancelled 20 times, and one that is added is tried 5 times. */
const STREAM_EVENTS = 40 * 20 + 5 * 20 + 100;
/** EMR lists 50 steps a page, and an answer must hold them all. Source: ListSteps, API reference. */
const MOST_STREAMS = 50;

const EACH = "Each stream";
const RELEASE = "Give the run back";
const RELEASE_FAILED = "Give the failed run back";
const ANNOUNCE = "Announce";
const FAILED = "Failed";

/** The most events that an execution may leave in its history. */
export function supervisorEvents(streams: number): number {
  return 500 + streams * STREAM_EVENTS;
}

/** A supervisor's state machine. */
export function supervisorName(names: Names, cluster: string): string {
  return names.inAccount(`supervisor-${cluster}`, 80);
}

/** What the supervisor's executions claim. */
export function supervisorClaim(name: string): string {
  return `supervisor/${name}`;
}

/**
 * Looks after the streams of one standing cluster: each has one step that runs, on the active generation. What runs on
 * another one is moved, and what does not run is started. Two supervisors never act at once, and a stream that could not
 * be kept is told of; the next supervisor tries again.
 *
 * @throws InputError for more streams than one answer of EMR lists.
 */
export function supervisorMachine(args: SupervisorArgs): StateMachine {
  const { environment, name, streams } = args;
  requireListable(name, streams.length);
  const { names } = environment;
  const claim = supervisorClaim(name);
  const scope: AnnouncementScope = {
    environment,
    group: `supervisor-${name}`,
    cluster: `standing-${name}-${args.active.generation}`,
    alertsTopicArn: args.alertsTopicArn,
  };
  const states: Record<string, State> = {
    Begin: waitingFor(0, CLAIM),
    ...claimStates({ names, claim, onClaimed: EACH, onOverlap: "Another one looks after them", onError: ANNOUNCE }),
    "Another one looks after them": { Type: "Succeed" },
    [EACH]: {
      Type: "Parallel",
      Branches: streams.map((step) => streamStates({ ...args, step, scope })),
      ResultPath: "$.streams",
      Catch: caught(ANNOUNCE),
      Next: "Outcome",
    },
    Outcome: {
      Type: "Choice",
      Choices: [
        {
          Or: streams.map((_, index) => ({ Variable: `$.streams[${index}].failed`, BooleanEquals: true })),
          Next: RELEASE_FAILED,
        },
      ],
      Default: RELEASE,
    },
    [RELEASE]: releaseState(names, claim, "Done"),
    Done: { Type: "Succeed" },
    [ANNOUNCE]: announcement(scope, { happened: "streams are not looked after", hasCluster: false }, RELEASE_FAILED),
    [RELEASE_FAILED]: releaseState(names, claim, FAILED),
    [FAILED]: { Type: "Fail", Error: "Basin.StreamNotKept", Cause: "A stream does not run; the alert names it" },
  };
  return {
    Comment: `Keeps ${streams.map(({ dataset }) => dataset).join(", ")} running on ${name}`,
    StartAt: "Begin",
    States: states,
    TimeoutSeconds: TIMEOUT_SECONDS,
  };
}

function requireListable(name: string, found: number): void {
  if (found <= MOST_STREAMS) return;
  const message = "has more streams than its supervisor can look after";
  refuse([{ where: `standing cluster ${name}`, message, found, allowed: `at most ${MOST_STREAMS}` }]);
}
