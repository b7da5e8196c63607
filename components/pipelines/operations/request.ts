import { caught, type ChoiceRule, type State } from "../states";
import { inputKey, MOST_DATASETS, type Operation, type Parameter } from "./catalogue";
import type { FactoredCommands } from "./factor";

export interface AskedArgs extends FactoredCommands {
  readonly operation: Operation;
  readonly onAsked: string;
  readonly onUnasked: string;
}

/** What stands for the whole lake in the place of a dataset. */
export const LAKE = "the lake";

/**
 * Reads a request before anything is made for it: its parameters become arguments in `$.option_<name>.args`, its datasets
 * become `$.targets` with what each command has of its own. A dataset that is not there is a bad request.
 */
export function askedStates(args: AskedArgs): { states: Record<string, State>; first: string; allowed: string } {
  const { operation, own, common, onAsked, onUnasked } = args;
  const first = "Is it asked for well";
  const options = operation.parameters.map(optionStates);
  const lookUp = operation.scope === "datasets" ? "Look the datasets up" : "Take the whole lake";
  const states: Record<string, State> = {
    [first]: {
      Type: "Choice",
      Choices: [{ And: requirements(operation), Next: "What all commands share" }],
      Default: onUnasked,
    },
    "What all commands share": {
      Type: "Pass",
      Result: common,
      ResultPath: "$.common",
      Next: options[0]?.first ?? lookUp,
    },
  };
  options.forEach(({ states: make }, index) => Object.assign(states, make(options[index + 1]?.first ?? lookUp)));
  if (operation.scope === "lake") {
    const targets = [...own].map(([dataset, parts]) => ({ dataset, own: padded(parts, common.length) }));
    states[lookUp] = { Type: "Pass", Result: targets, ResultPath: "$.targets", Next: onAsked };
  } else {
    Object.assign(states, lookUpStates(args, lookUp, onUnasked));
  }
  return { states, first, allowed: allowedText(operation) };
}

function requirements({ scope, parameters }: Operation): ChoiceRule[] {
  const present: ChoiceRule[] = [];
  if (scope === "datasets") present.push({ Variable: "$.datasets[0]", IsPresent: true });
  for (const { name, required } of parameters) {
    const Variable = path(name);
    if (required) present.push({ Variable, IsPresent: true }, { Variable, IsString: true });
  }
  return present;
}

function allowedText({ scope, parameters }: Operation): string {
  const keys = [
    ...(scope === "datasets" ? [`"datasets": [1 to ${MOST_DATASETS} names of its owner's datasets]`] : []),
    ...parameters.map(({ name, kind, required }) => {
      const form = kind === "flag" ? "true" : "text";
      return `"${inputKey(name)}": ${form}${required ? "" : " (may be left out)"}`;
    }),
  ];
  return `The input is not a request of this operation; allowed: {${keys.join(", ")}}`;
}

/** A parameter's arguments, or none. */
function optionStates({ name, kind, required }: Parameter): {
  first: string;
  states: (next: string) => Record<string, State>;
} {
  const ask = `Is ${name} given`;
  const take = `Take ${name}`;
  const leave = `Leave ${name} out`;
  const ResultPath = `$.option_${inputKey(name)}`;
  const Variable = path(name);
  const given: ChoiceRule[] =
    kind === "flag"
      ? [
          { Variable, IsPresent: true },
          { Variable, BooleanEquals: true },
        ]
      : [
          { Variable, IsPresent: true },
          { Variable, IsString: true },
        ];
  return {
    first: required ? take : ask,
    states: (next) => ({
      ...(required
        ? {}
        : {
            [ask]: { Type: "Choice", Choices: [{ And: given, Next: take }], Default: leave },
            [leave]: { Type: "Pass", Result: { args: [] }, ResultPath, Next: next },
          }),
      [take]:
        kind === "flag"
          ? { Type: "Pass", Result: { args: [`--${name}`] }, ResultPath, Next: next }
          : {
              Type: "Pass",
              // One argument, so that a value can never be read as an option.
              Parameters: { "args.$": `States.Array(States.Format('--${name}={}', ${Variable}))` },
              ResultPath,
              Next: next,
            },
    }),
  };
}

function lookUpStates({ own, common, onAsked }: AskedArgs, name: string, unknown: string): Record<string, State> {
  const names = [...own.keys()];
  return {
    [name]: {
      Type: "Map",
      ItemsPath: "$.datasets",
      ItemSelector: { "dataset.$": "$$.Map.Item.Value" },
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Which dataset",
        States: {
          "Which dataset": {
            Type: "Choice",
            Choices: names.map((dataset) => ({
              Variable: "$.dataset",
              StringEquals: dataset,
              Next: `It is ${dataset}`,
            })),
            Default: "Unknown dataset",
          },
          ...Object.fromEntries(
            [...own].map(([dataset, parts]): [string, State] => [
              `It is ${dataset}`,
              { Type: "Pass", Result: { dataset, own: padded(parts, common.length) }, End: true },
            ]),
          ),
          "Unknown dataset": { Type: "Fail", Error: "Basin.BadRequest", Cause: "No such dataset of this owner" },
        },
      },
      ResultPath: "$.targets",
      Catch: caught(unknown),
      Next: "Count the datasets",
    },
    "Count the datasets": {
      Type: "Pass",
      Parameters: { "count.$": "States.ArrayLength($.targets)" },
      ResultPath: "$.asked",
      Next: "Are they too many",
    },
    "Are they too many": {
      Type: "Choice",
      Choices: [{ Variable: "$.asked.count", NumericGreaterThanEquals: MOST_DATASETS + 1, Next: unknown }],
      Default: onAsked,
    },
  };
}

/** Whether one of the datasets failed. */
export function answerStates(onSuccess: string, onFailure: string): Record<string, State> {
  return {
    "Did all succeed": {
      Type: "Pass",
      Parameters: { "failed.$": "States.ArrayContains($.results[*].failed, true)" },
      ResultPath: "$.outcome",
      Next: "Outcome",
    },
    Outcome: {
      Type: "Choice",
      Choices: [{ Variable: "$.outcome.failed", BooleanEquals: true, Next: onFailure }],
      Default: onSuccess,
    },
  };
}

/** As many own parts as shared ones: the last shared part may have none after it. */
function padded(parts: readonly (readonly string[])[], length: number): (readonly string[])[] {
  return Array.from({ length }, (_, index) => parts[index] ?? []);
}

function path(name: string): string {
  return `$.${inputKey(name)}`;
}
