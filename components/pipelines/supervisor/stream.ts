import { announcement, type AnnouncementScope } from "../announcement";
import { stateName } from "../names";
import { firstAttempt, retryStates, whyFailed } from "../retry";
import { CALL_SECONDS, caught, RETRY, type StateMachine, type TaskState } from "../states";
import type { Step } from "../step";
import type { GenerationReference } from "./definition";
import { lookAt, moveStates, UNDERWAY } from "./move";

export interface StreamStatesArgs {
  readonly active: GenerationReference;
  readonly others: readonly GenerationReference[];
  readonly step: Step;
  readonly scope: AnnouncementScope;
}

/** A step that lives so long has opened its stream. */
const SETTLE_SECONDS = 90;
const ENDED = ["COMPLETED", "CANCELLED", "FAILED", "INTERRUPTED"];

/**
 * One stream's part of the supervisor. A rotation goes in this order: the new generation takes steps; the old one's job
 * is asked to end; it has ended, and with it its hold of the checkpoint; the new one's step is added. So there is one writer
 * at any time, and none only between those two. The step itself holds its table's lock on top.
 */
export function streamStates({ active, others, step, scope }: StreamStatesArgs): StateMachine {
  const { dataset } = step;
  const name = (text: string): string => stateName(`${dataset}: ${text}`);
  const happened = (what: string) => ({
    happened: `${dataset} ${what}`,
    details: { Dataset: dataset, Step: step.name, Cluster: active.clusterId },
    hasCluster: false,
  });
  const look = name(`look at ${active.generation}`);
  const add = name("add its step");
  const broken = name("announce that it does not run");
  const steps = (clusterId: string, states: readonly string[], ResultPath: string, next: string): TaskState =>
    listSteps({ clusterId, states, step: step.name, ResultPath, next, onError: broken });
  const moves = others.map((old, index) => {
    const following = others[index + 1];
    const { names } = scope.environment;
    const next = following ? lookAt(name, following) : look;
    return moveStates({ names, dataset, active, old, name, steps, broken, next });
  });
  return {
    StartAt: others[0] ? lookAt(name, others[0]) : look,
    States: {
      ...moves.reduce((all, each) => ({ ...all, ...each }), {}),
      [look]: steps(active.clusterId, UNDERWAY, "$.active", name("does it run")),
      [name("does it run")]: {
        Type: "Choice",
        Choices: [{ Variable: "$.active.ids[0]", IsPresent: true, Next: name("runs") }],
        Default: name("did it run before"),
      },
      [name("did it run before")]: steps(active.clusterId, ENDED, "$.before", name("first attempt")),
      [name("first attempt")]: firstAttempt(add),
      // Not waited for: it is to run for ever.
      [add]: {
        Type: "Task",
        Resource: "arn:aws:states:::elasticmapreduce:addStep",
        Parameters: {
          ClusterId: active.clusterId,
          Step: {
            Name: step.name,
            ActionOnFailure: "CONTINUE",
            HadoopJarStep: { Jar: "command-runner.jar", Args: step.args },
          },
        },
        TimeoutSeconds: CALL_SECONDS,
        ResultPath: null,
        Catch: caught(whyFailed(add)),
        Next: name("let it settle"),
      },
      ...retryStates({ name: add, again: add, giveUp: broken }),
      [name("let it settle")]: { Type: "Wait", Seconds: SETTLE_SECONDS, Next: name("look again") },
      [name("look again")]: steps(active.clusterId, UNDERWAY, "$.failure", name("does it run now")),
      [name("does it run now")]: {
        Type: "Choice",
        Choices: [
          { Variable: "$.failure.ids[0]", IsPresent: false, Next: broken },
          // Somebody should know of a stream that ends again and again, though each time it starts.
          { Variable: "$.before.ids[0]", IsPresent: true, Next: name("announce that it had ended") },
        ],
        Default: name("runs"),
      },
      [name("announce that it had ended")]: announcement(
        scope,
        { ...happened("had ended and was started again"), cause: "$.before" },
        name("runs"),
      ),
      [name("runs")]: { Type: "Pass", Result: { dataset, failed: false }, End: true },
      [broken]: announcement(scope, happened("does not run"), name("does not run")),
      [name("does not run")]: { Type: "Pass", Result: { dataset, failed: true }, End: true },
    },
  };
}

function listSteps(args: {
  readonly clusterId: string;
  readonly states: readonly string[];
  readonly step: string;
  readonly ResultPath: string;
  readonly next: string;
  readonly onError: string;
}): TaskState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:emr:listSteps",
    Parameters: { ClusterId: args.clusterId, StepStates: args.states },
    ResultSelector: { "ids.$": `$.Steps[?(@.Name == '${args.step}')].Id` },
    ResultPath: args.ResultPath,
    TimeoutSeconds: CALL_SECONDS,
    Retry: RETRY,
    Catch: caught(args.onError),
    Next: args.next,
  };
}
