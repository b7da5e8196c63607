import type { Environment } from "../../environment";
import type { Names } from "../../names";
import type { Statement } from "../../policy-document";
import { CLAIM, claimStates, releaseState, waitingFor } from "../claim";
import { countedLook, noLookYet } from "../looks";
import { stateName } from "../names";
import { claimStatements } from "../policies";
import { CALL_SECONDS, caught, RETRY, type State } from "../states";
import { askToEnd, stopKey, stopStatements, takeBack } from "../stream-stop";
import { supervisorClaim, supervisorName } from "../supervisor/definition";

type Scope = Pick<Environment, "names" | "settings" | "capacity">;

/** A supervisor looks after its streams for minutes; in a rotation for twenty of them a stream. */
const SUPERVISED_SECONDS = 3_600;
const LOOK_SECONDS = 30;
const MOST_LOOKS = 20;

/** The events that one stream's standstill adds to a history. */
export const STANDSTILL_EVENTS = (SUPERVISED_SECONDS / 120) * 30 + MOST_LOOKS * 12 + 100;

/** The state machines of operations, as a pattern of their names. */
export function operationMachines(names: Names): string {
  return names.inAccount("operation-*", 80);
}

/** Standing clusters that read some of these datasets' streams, each with those. */
export function readDirectly(
  { capacity }: Pick<Environment, "capacity">,
  datasets: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const clusters = capacity.standing.map(({ name, datasets: own }): [string, readonly string[]] => [
    name,
    own.filter((dataset) => datasets.includes(dataset)),
  ]);
  return new Map(clusters.filter(([, own]) => own.length > 0));
}

export interface StandstillArgs {
  readonly scope: Scope;
  /** Begins the states' names. */
  readonly prefix: string;
  /** Datasets whose streams are to stand still. */
  readonly datasets: readonly string[];
  readonly onStill: string;
  readonly onError: string;
}

/**
 * Lets streams that standing clusters read stand still, so that an operation is the one writer of their tables: takes the
 * place of their supervisor, which would start them again, and asks each of them to end. The supervisor goes on when the
 * claim is given back, or when the execution that holds it has ended in any other way.
 */
export function standstillStates(args: StandstillArgs): { first: string; states: Record<string, State> } {
  const { scope, prefix, datasets, onStill, onError } = args;
  const { names } = scope;
  let next = onStill;
  const states: Record<string, State> = {};
  for (const [cluster, streams] of [...readDirectly(scope, datasets)].reverse()) {
    for (const dataset of [...streams].reverse()) {
      const ending = endStates({ names, dataset, next, onError });
      Object.assign(states, ending.states);
      next = ending.first;
    }
    const of = `${prefix}${cluster}: `;
    const begin = stateName(`${of}take its supervisor's place`);
    const busy = stateName(`${of}its supervisor does not end`);
    Object.assign(states, {
      [begin]: waitingFor(SUPERVISED_SECONDS, of + CLAIM),
      ...claimStates({
        ...{ names, prefix: of, claim: supervisorClaim(cluster) },
        ...{ onClaimed: next, onOverlap: busy, onError },
      }),
      [busy]: {
        Type: "Pass",
        Result: { Error: "Basin.SupervisorBusy", Cause: `The supervisor of ${cluster} went on for an hour` },
        ResultPath: "$.failure",
        Next: onError,
      },
    });
    next = begin;
  }
  return { first: next, states };
}

interface EndArgs {
  readonly names: Names;
  readonly dataset: string;
  readonly next: string;
  readonly onError: string;
}

/** The job takes the request away when it ends. Where none runs nobody does, and the table's lock says that it is free. */
function endStates({ names, dataset, next, onError }: EndArgs): { first: string; states: Record<string, State> } {
  const state = (text: string): string => stateName(`${dataset}: ${text}`);
  const first = state("ask its stream to end");
  return {
    first,
    states: {
      [first]: askToEnd({ names, dataset, next: state("no look yet"), onError }),
      [state("no look yet")]: noLookYet(state("wait")),
      [state("wait")]: { Type: "Wait", Seconds: LOOK_SECONDS, Next: state("count") },
      [state("count")]: countedLook(state("has it heard")),
      [state("has it heard")]: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:s3:listObjectsV2",
        Parameters: { Bucket: names.bucket("lake"), Prefix: stopKey(dataset) },
        ResultSelector: { "left.$": "$.KeyCount" },
        ResultPath: "$.requests",
        TimeoutSeconds: CALL_SECONDS,
        Retry: RETRY,
        Catch: caught(onError),
        Next: state("see"),
      },
      [state("see")]: {
        Type: "Choice",
        Choices: [
          { Variable: "$.looks.count", NumericGreaterThanEquals: MOST_LOOKS, Next: state("take the request back") },
          { Variable: "$.requests.left", NumericGreaterThanEquals: 1, Next: state("wait") },
        ],
        Default: next,
      },
      [state("take the request back")]: takeBack({ names, dataset, next, onError }),
    },
  };
}

/** Gives supervisors their streams back, whatever became of the operation. */
export function goOnStates(
  scope: Scope,
  prefix: string,
  datasets: readonly string[],
  next: string,
): { first: string; states: Record<string, State> } {
  const states: Record<string, State> = {};
  let first = next;
  for (const cluster of [...readDirectly(scope, datasets).keys()].reverse()) {
    const name = stateName(`${prefix}${cluster}: let its supervisor go on`);
    states[name] = releaseState(scope.names, supervisorClaim(cluster), first);
    first = name;
  }
  return { first, states };
}

/** What that takes, for the streams of these datasets. */
export function standstillStatements(scope: Scope, datasets: readonly string[]): Statement[] {
  const direct = readDirectly(scope, datasets);
  if (direct.size === 0) return [];
  const clusters = [...direct.keys()];
  const supervisors = clusters.map((cluster) => supervisorName(scope.names, cluster));
  return [
    ...stopStatements(scope.names, [...direct.values()].flat()),
    ...claimStatements(scope, clusters.map(supervisorClaim), [...supervisors, operationMachines(scope.names)]),
  ];
}
