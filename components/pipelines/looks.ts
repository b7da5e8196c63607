import type { PassState } from "./states";

/** Before looks at what takes its time: they are counted in `$.looks.count`, which ends the waiting some time. */
export function noLookYet(next: string): PassState {
  return { Type: "Pass", Result: { count: 0 }, ResultPath: "$.looks", Next: next };
}

/** One look more. */
export function countedLook(next: string): PassState {
  return {
    Type: "Pass",
    Parameters: { "count.$": "States.MathAdd($.looks.count, 1)" },
    ResultPath: "$.looks",
    Next: next,
  };
}
