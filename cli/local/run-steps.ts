import type { Step } from "../../components/pipelines/step";
import type { StepResult } from "./run-step";

/** A step that was not run, because one that it reads from did not succeed. */
export interface SkippedStep {
  readonly step: Step;
  readonly skippedFor: string;
}

/**
 * Runs steps in the order of the plan, each after those that it names; `atOnce` of them side by side.
 *
 * @returns an outcome for every step, in the order of the plan.
 */
export async function runSteps(
  steps: readonly Step[],
  atOnce: number,
  run: (step: Step) => Promise<StepResult>,
): Promise<(StepResult | SkippedStep)[]> {
  const outcomes = new Map<string, StepResult | SkippedStep>();
  const waiting = [...steps];
  const running = new Set<Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const at = running.size < atOnce ? waiting.findIndex((step) => step.after.every((name) => outcomes.has(name))) : -1;
    const [next] = at >= 0 ? waiting.splice(at, 1) : [];
    if (!next) {
      if (running.size === 0)
        throw new Error(`steps wait for each other: ${waiting.map((step) => step.dataset).join(", ")}`);
      await Promise.race(running);
      continue;
    }
    const failed = next.after.find((name) => !succeeded(outcomes.get(name)));
    if (failed !== undefined) {
      outcomes.set(next.dataset, { step: next, skippedFor: failed });
      continue;
    }
    const task: Promise<void> = run(next).then((result) => {
      outcomes.set(next.dataset, result);
      running.delete(task);
    });
    running.add(task);
  }
  return steps.flatMap((step) => outcomes.get(step.dataset) ?? []);
}

function succeeded(outcome: StepResult | SkippedStep | undefined): boolean {
  return outcome !== undefined && "code" in outcome && outcome.code === 0;
}
