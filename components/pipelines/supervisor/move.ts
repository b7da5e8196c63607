import type { Names } from "../../names";
import { countedLook, noLookYet } from "../looks";
import { CALL_SECONDS, caught, RETRY, type State, type TaskState } from "../states";
import { askToEnd, takeBack } from "../stream-stop";
import type { GenerationReference } from "./definition";

const LOOK_SECONDS = 30;
/** A stream that was asked to end ends its batch, and gives its lock back. */
const LOOKS_BEFORE_CANCEL = 20;
const MOST_LOOKS = 40;

/** What a step is while it has not ended. */
export const UNDERWAY = ["PENDING", "CANCEL_PENDING", "RUNNING"];

export interface MoveArgs {
  readonly names: Names;
  readonly dataset: string;
  readonly active: GenerationReference;
  readonly old: GenerationReference;
  readonly name: (text: string) => string;
  readonly steps: (clusterId: string, states: readonly string[], ResultPath: string, next: string) => TaskState;
  readonly broken: string;
  readonly next: string;
}

export function lookAt(name: (text: string) => string, { generation }: GenerationReference): string {
  return name(`look at ${generation}`);
}

/**
 * Ends a stream's step on an old generation, once the active one can take it over: asks the job to end, and cancels the
 * step where it has not heard after ten minutes.
 */
export function moveStates({
  names,
  dataset,
  active,
  old,
  name,
  steps,
  broken,
  next,
}: MoveArgs): Record<string, State> {
  const on = (text: string): string => name(`${text} on ${old.generation}`);
  const gone = (text: string): string => on(`${text} that it ends`);
  const asking = { names, dataset, onError: broken };
  return {
    [lookAt(name, old)]: steps(old.clusterId, UNDERWAY, "$.old", on("does it run")),
    [on("does it run")]: {
      Type: "Choice",
      Choices: [{ Variable: "$.old.ids[0]", IsPresent: true, Next: on("can it leave") }],
      Default: next,
    },
    [on("can it leave")]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:describeCluster",
      Parameters: { ClusterId: active.clusterId },
      ResultSelector: { "State.$": "$.Cluster.Status.State" },
      ResultPath: "$.cluster",
      TimeoutSeconds: CALL_SECONDS,
      Retry: RETRY,
      Catch: caught(broken),
      Next: on("is there another"),
    },
    [on("is there another")]: {
      Type: "Choice",
      Choices: [
        {
          Or: ["WAITING", "RUNNING"].map((StringEquals) => ({ Variable: "$.cluster.State", StringEquals })),
          Next: on("ask it to end"),
        },
      ],
      // Until the new generation takes steps the old one goes on.
      Default: name("runs"),
    },
    [on("ask it to end")]: askToEnd({ ...asking, next: on("no look yet") }),
    [on("no look yet")]: noLookYet(gone("wait")),
    [gone("wait")]: { Type: "Wait", Seconds: LOOK_SECONDS, Next: gone("count") },
    [gone("count")]: countedLook(gone("look")),
    [gone("look")]: steps(old.clusterId, UNDERWAY, "$.failure", gone("see")),
    [gone("see")]: {
      Type: "Choice",
      Choices: [
        { Variable: "$.failure.ids[0]", IsPresent: false, Next: on("take the request back") },
        { Variable: "$.looks.count", NumericGreaterThanEquals: MOST_LOOKS, Next: broken },
        { Variable: "$.looks.count", NumericGreaterThanEquals: LOOKS_BEFORE_CANCEL, Next: on("cancel it") },
      ],
      Default: gone("wait"),
    },
    [on("cancel it")]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emr:cancelSteps",
      Parameters: { ClusterId: old.clusterId, "StepIds.$": "$.old.ids", StepCancellationOption: "SEND_INTERRUPT" },
      ResultPath: null,
      TimeoutSeconds: CALL_SECONDS,
      Retry: RETRY,
      Catch: caught(broken),
      Next: gone("wait"),
    },
    [on("take the request back")]: takeBack({ ...asking, next }),
  };
}
