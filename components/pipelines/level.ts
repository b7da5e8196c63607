import { STEP_NOTICED } from "../../capacity/cadence";
import type { AnnouncementScope } from "./announcement";
import { stateName } from "./names";
import { caught, type ChoiceRule, type State } from "./states";
import type { Step } from "./step";
import { stepStates } from "./step-states";

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

/** One Parallel state a level, and a Choice after it that goes on only when every step of the level succeeded. */
export function levelStates(args: LevelArgs): { levels: Record<string, State>; first: string } {
  const { cadence, levels, onSuccess, onFailure, onError } = args;
  const levelName = (index: number): string => stateName(`${cadence}: level ${index + 1}`);
  const states: Record<string, State> = {};
  levels.forEach((steps, index) => {
    const outcome = stateName(`${cadence}: level ${index + 1} outcome`);
    states[levelName(index)] = {
      Type: "Parallel",
      Branches: steps.map((step) =>
        stepStates({
          name: `${cadence}: ${step.dataset}`,
          step: { Name: step.name, HadoopJarStep: { Jar: "command-runner.jar", Args: step.args } },
          // A step that ends in time may be seen to only after it.
          timeoutSeconds: Math.ceil((args.deadlines.get(step.dataset) ?? 0) + STEP_NOTICED),
          scope: args.scope,
          happened: {
            happened: `${step.dataset} failed`,
            details: { Dataset: step.dataset, Step: step.name },
            hasCluster: true,
          },
          result: { dataset: step.dataset },
        }),
      ),
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
