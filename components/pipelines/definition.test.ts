import { describe, expect, it } from "vitest";
import { failing, leftovers, THROTTLED } from "../../tests/states-language/trouble";
import { definitionFaults } from "../../tests/states-language/validate";
import {
  cleanup,
  earlySteps,
  emulate,
  environment,
  execute,
  fastest,
  machine,
  slowest,
  steps,
} from "./testing/group-machine";

describe("the state machine of a group", () => {
  it("is one that Step Functions takes", () => {
    expect(definitionFaults(machine)).toEqual([]);
    expect(definitionFaults(cleanup)).toEqual([]);
  });

  it("runs every step after those that it needs, side by side where nothing forbids it, and ends its cluster", async () => {
    const { aws, execution } = await execute({ stepSeconds: (dataset) => (dataset === "weather" ? 300 : 100) });
    expect(execution.status).toBe("SUCCEEDED");
    expect(aws.messages).toEqual([]);
    expect(leftovers(aws)).toEqual([]);
    expect(aws.claims.size).toBe(0);
    expect(aws.clusters[0]?.terminatedAt).toBeLessThan(1_200);
    const at = new Map(aws.steps.map((step) => [step.dataset, step]));
    expect(new Set(at.keys())).toEqual(new Set(environment.datasets.map(({ name }) => name)));
    expect(earlySteps(aws)).toEqual([]);
    expect(at.get("flights")?.startedAt).toBe(at.get("weather")?.startedAt);
    expect(at.get("delays")?.startedAt).toBe(at.get("airlines")?.startedAt);
  });

  it("runs only what is due", async () => {
    const { aws } = await execute({}, { input: { cadence: fastest } });
    expect(aws.steps.map(({ dataset }) => dataset)).toEqual(["flights"]);
  });

  it("makes no cluster for a run that it does not know", async () => {
    for (const input of [{}, { cadence: "weekly" }]) {
      const { aws, execution } = await execute({}, { input });
      expect(execution.status).toBe("FAILED");
      expect(aws.clusters).toEqual([]);
    }
  });

  it("waits for its cluster, and gives up one that never takes steps", async () => {
    const patient = await execute({ startSeconds: 900 });
    expect(patient.aws.steps[0]?.startedAt).toBeGreaterThanOrEqual(900);
    const { aws, execution } = await execute({ startSeconds: 1e9 });
    expect(execution.status).toBe("FAILED");
    expect(aws.steps).toEqual([]);
    expect(aws.messages[0]).toContain("the run broke off");
    expect(leftovers(aws)).toEqual([]);
  });

  it("lets the others of a level end when a step fails, starts nothing after it, and says which", async () => {
    const { aws, execution } = await execute({
      stepSeconds: (dataset) => (dataset === "weather" ? 500 : 10),
      stepFault: (dataset) => (dataset === "flights" ? "exit code 1" : undefined),
    });
    expect(execution.status).toBe("FAILED");
    expect(aws.steps.map(({ dataset, state }) => [dataset, state])).toEqual([
      ["flights", "FAILED"],
      ["weather", "COMPLETED"],
    ]);
    expect(aws.clusters[0]?.terminatedAt).toBeGreaterThanOrEqual(aws.steps[1]?.endedAt ?? NaN);
    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]).toContain("basin-prod-flights: flights failed");
    expect(aws.messages[0]).toMatch(/Dataset: flights\nStep: basin-prod-flights\nExecution: arn:\S+:run-1\n/);
    expect(aws.messages[0]).toContain("prefix=emr/flights/j-1/");
    expect(aws.messages[0]).toContain("exit code 1");
  });

  it("gives up a step that takes longer than its deadline, and does not try it again", async () => {
    const { aws, execution } = await execute({ stepSeconds: (dataset) => (dataset === "weather" ? 1e5 : 10) });
    expect(execution.status).toBe("FAILED");
    expect(aws.messages[0]).toContain("weather failed");
    expect(aws.messages[0]).toContain("States.Timeout");
    expect(aws.steps.filter(({ dataset }) => dataset === "weather")).toHaveLength(1);
    expect(leftovers(aws)).toEqual([]);
  });

  it("tries again, each time after a longer wait, when EMR is asked too often", async () => {
    for (const state of [/: flights$/, /: create cluster$/]) {
      const { aws, execution } = await execute({ fault: failing(state, THROTTLED, 3) });
      expect(execution.status).toBe("SUCCEEDED");
      expect(aws.messages).toEqual([]);
      expect(aws.clusters).toHaveLength(1);
    }
    const { execution, aws } = await execute({ fault: failing(/: flights$/, THROTTLED) });
    expect(execution.status).toBe("FAILED");
    expect(execution.entered.filter((state) => state.endsWith(": flights"))).toHaveLength(5);
    expect(aws.messages[0]).toContain("Rate exceeded");
  });

  it("runs a step again that lost a Spot node, and no step that failed by itself", async () => {
    const lost = await execute({ stepFault: (_, attempt) => (attempt === 1 ? "spot loss" : undefined) });
    expect(lost.execution.status).toBe("SUCCEEDED");
    expect(lost.aws.messages).toEqual([]);
    for (const { dataset } of steps) {
      const tries = lost.aws.steps.filter((step) => step.dataset === dataset);
      expect(tries.map(({ state }) => state)).toEqual(["FAILED", "COMPLETED"]);
    }
    expect(leftovers(lost.aws)).toEqual([]);
    const { aws } = await execute({ stepFault: () => "exit code 1" });
    expect(aws.steps).toHaveLength(2);
  });
});

describe("two runs of a group", () => {
  it("do not overlap: the second waits for the first one's end", async () => {
    const aws = emulate({ stepSeconds: () => 300 });
    const first = aws.start(machine, { cadence: slowest }, "run-1");
    const second = aws.start(machine, { cadence: fastest }, "run-2");
    const [one, two] = await aws.clock.drive(Promise.all([first, second]));
    expect([one.status, two.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(aws.clusters).toHaveLength(2);
    expect(aws.clusters[1]?.startedAt).toBeGreaterThan(aws.clusters[0]?.terminatedAt ?? Infinity);
  });

  it("are one when the first does not end before the second one's next start: that is left out, and told", async () => {
    const aws = emulate({ stepSeconds: () => 1_000 });
    const first = aws.start(machine, { cadence: slowest }, "run-1");
    const second = aws.start(machine, { cadence: fastest }, "run-2");
    const [one, two] = await aws.clock.drive(Promise.all([first, second]));
    expect([one.status, two.status]).toEqual(["SUCCEEDED", "FAILED"]);
    expect(aws.clusters).toHaveLength(1);
    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]).toContain("a run was left out");
    expect(aws.messages[0]).toContain(":run-1");
  });

  it("are not held up by one that was aborted, and write no table at once although its cluster still runs", async () => {
    const aws = emulate({ stepSeconds: () => 300, startSeconds: 30 });
    const first = aws.start(machine, { cadence: slowest }, "run-1", { after: 100 });
    const second = aws.start(machine, { cadence: slowest }, "run-2");
    const [one, two] = await aws.clock.drive(Promise.all([first, second]));
    await aws.settle();
    expect([one.status, two.status]).toEqual(["ABORTED", "SUCCEEDED"]);
    expect(leftovers(aws)).toEqual([]);
  });
});
