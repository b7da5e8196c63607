import { STEP_NOTICED } from "../../capacity/cadence";
import { announcement, type AnnouncementScope } from "./announcement";
import { stateName } from "./names";
import { caught, type ChoiceRule, type State, type StateMachine } from "./states";
import type { Step } from "./step";

export interface LevelArgs {
  readonly cadence: string;
  /** Steps that may run side by side, level by level. */
  readonly levels: readonly (readonly Step[])[];
  /** Seconds that a dataset's step may take, by dataset. */
  readonly deadlines: ReadonlyMap<string, number>;
  readonly scope: AnnouncementScope;
  readonly onSuccess: string;
  /** After a step failed, which has been announced. */
  readonly onFailure: string;
  /** When something else broke, which has not. */
  readonly onError: string;
}

/** How EMR's API says that it was asked too often; Step Functions passes it on in the cause. */
const THROTTLED = ["*ThrottlingException*", "*Rate exceeded*"];
const THROTTLED_SECONDS = 60;

/** One Parallel state a level, and a Choice after it that goes on only when every step of the level succeeded. */
export function levelStates(args: LevelArgs): { levels: Record<string, State>; first: string } {
  const { cadence, levels, onSuccess, onFailure, onError } = args;
  const levelName = (index: number): string => stateName(`${cadence}: level ${index + 1}`);
  const states: Record<string, State> = {};
  levels.forEach((steps, index) => {
    const outcome = stateName(`${cadence}: level ${index + 1} outcome`);
    states[levelName(index)] = {
      Type: "Parallel",
      Branches: steps.map((step) => branch(args, step)),
      ResultPath: "$.level",
      Catch: caught(onError),
      Next: outcome,
    };
    states[outcome] = {
      Type: "Choice",
      Choices: [{ Or: steps.map((_, position) => failedAt(position)), Next: onFailure }],
      Default: index + 1 < levels.length ? levelName(index + 1) : onSuccess,
    };
  });
  return { levels: states, first: levels.length > 0 ? levelName(0) : onSuccess };
}

function failedAt(position: number): ChoiceRule {
  return { Variable: `$.level[${position}].failed`, BooleanEquals: true };
}

/** A step, and its announcement when it fails. The branch itself never fails: the level's other steps go on. */
function branch({ cadence, deadlines, scope }: LevelArgs, step: Step): StateMachine {
  const name = (text: string): string => stateName(`${cadence}: ${text}`);
  const { dataset } = step;
  return {
    StartAt: name(dataset),
    States: {
      [name(dataset)]: {
        Type: "Task",
        Resource: "arn:aws:states:::elasticmapreduce:addStep.sync",
        Parameters: {
          "ClusterId.$": "$.cluster.ClusterId",
          Step: {
            Name: step.name,
            // With steps side by side EMR takes nothing else; this machine terminates the cluster itself.
            ActionOnFailure: "CONTINUE",
            HadoopJarStep: { Jar: "command-runner.jar", Args: step.args },
          },
        },
        // A step that ends in time may be seen to only after it.
        TimeoutSeconds: Math.ceil((deadlines.get(dataset) ?? 0) + STEP_NOTICED),
        ResultPath: null,
        Catch: caught(name(`why ${dataset} failed`)),
        Next: name(`${dataset} done`),
      },
      [name(`${dataset} done`)]: { Type: "Pass", Result: { dataset, failed: false }, End: true },
      [name(`why ${dataset} failed`)]: {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: "$.failure.Cause", IsPresent: true },
              { Or: THROTTLED.map((StringMatches) => ({ Variable: "$.failure.Cause", StringMatches })) },
            ],
            Next: name(`${dataset} throttled`),
          },
        ],
        Default: name(`announce ${dataset}`),
      },
      [name(`${dataset} throttled`)]: { Type: "Wait", Seconds: THROTTLED_SECONDS, Next: name(dataset) },
      [name(`announce ${dataset}`)]: announcement(
        scope,
        { dataset, step: step.name, happened: `${dataset} failed`, hasCluster: true },
        name(`${dataset} failed`),
      ),
      [name(`${dataset} failed`)]: { Type: "Pass", Result: { dataset, failed: true }, End: true },
    },
  };
}
