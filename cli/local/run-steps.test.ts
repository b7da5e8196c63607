import { describe, expect, test } from "vitest";
import type { Step } from "../../components/pipelines/step";
import type { StepResult } from "./run-step";
import { runSteps } from "./run-steps";

function step(dataset: string, ...after: string[]): Step {
  return { dataset, name: dataset, args: [], after, way: "files", latencySeconds: 0 };
}

const STEPS = [step("flights"), step("weather"), step("delays", "flights", "weather"), step("ranks", "delays")];

function result(of: Step, code: number): StepResult {
  return { step: of, code, seconds: 0, report: undefined, said: true, log: "" };
}

/** Runs the steps with one that fails, and says what began and ended in which order. */
async function trace(atOnce: number, failing?: string): Promise<{ events: string[]; outcomes: string[] }> {
  const events: string[] = [];
  const outcomes = await runSteps(STEPS, atOnce, async (each) => {
    events.push(`+${each.dataset}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    events.push(`-${each.dataset}`);
    return result(each, each.dataset === failing ? 1 : 0);
  });
  const words = outcomes.map((outcome) =>
    "skippedFor" in outcome ? `no ${outcome.skippedFor}` : String(outcome.code),
  );
  return { events, outcomes: words };
}

describe("the steps of a plan", () => {
  test("run one after another in the plan's order", async () => {
    const { events, outcomes } = await trace(1);
    expect(events).toEqual(["+flights", "-flights", "+weather", "-weather", "+delays", "-delays", "+ranks", "-ranks"]);
    expect(outcomes).toEqual(["0", "0", "0", "0"]);
  });

  test("run side by side only where none waits for the other", async () => {
    const { events } = await trace(2);
    expect(events.slice(0, 2)).toEqual(["+flights", "+weather"]);
    expect(events.slice(4)).toEqual(["+delays", "-delays", "+ranks", "-ranks"]);
  });

  test("are left out when one that they read from failed, and the others still run", async () => {
    expect((await trace(1, "flights")).outcomes).toEqual(["1", "0", "no flights", "no delays"]);
  });
});
