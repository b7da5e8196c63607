import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { EmulatedAws, type Behaviour } from "../../tests/states-language/emr";
import { run, StatesError, type Execution } from "../../tests/states-language/interpreter";
import { definitionFaults } from "../../tests/states-language/validate";
import type { Environment } from "../environment";
import { cleanupMachine } from "./cleanup";
import { stateMachine } from "./definition";
import type { State, StateMachine } from "./states";
import { renderSteps } from "./steps";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";

const derived = (name: string, from: string[]) =>
  exampleDataset(name, { source: { kind: "derived", from }, volume: undefined, freshness: "6 hours" });

function prod(): Environment {
  const datasets = [
    exampleStream("flights", { freshness: "1 hour" }),
    exampleDataset("weather", { freshness: "6 hours" }),
    derived("delays", ["flights", "weather"]),
    derived("airlines", ["flights"]),
    derived("report", ["delays", "airlines"]),
  ];
  const environment = exampleEnvironment("prod", { datasets });
  return { ...environment, capacity: sizePlatform(environment.settings, datasets) };
}

const environment = prod();
const steps = renderSteps(
  environment,
  ["main", "jobs", "datasets", "dependencies"].map((name) => ({
    name,
    bucket: "artifacts",
    key: name,
    content: { text: "" },
  })),
);

function machineOf(): { machine: StateMachine; slowest: string } {
  const [cluster] = environment.capacity.clusters;
  if (!cluster) throw new Error("no cluster");
  const recipes = Object.fromEntries(
    cluster.cadences.map(({ name }) => [name, { Name: name, Tags: [{ Key: "basin:stack", Value: "basin-prod" }] }]),
  );
  const slowest = cluster.cadences.at(-1)?.name ?? "";
  return { machine: stateMachine({ environment, cluster, recipes, steps, alertsTopicArn: TOPIC }), slowest };
}

const { machine, slowest } = machineOf();

function execute(behaviour: Behaviour = {}, abortAt?: number): { aws: EmulatedAws; execution: Execution } {
  const aws = new EmulatedAws(behaviour);
  const execution = run(machine, { cadence: slowest }, { services: aws.services, abortAt });
  return { aws, execution };
}

/** What EventBridge starts when an execution ends as its rule says. */
function cleanUp(aws: EmulatedAws, { status }: Execution): void {
  if (status === "SUCCEEDED") return;
  const detail = { name: "run-1", status, executionArn: "arn:execution:run-1" };
  run(cleanupMachine(environment, TOPIC), { detail }, { services: aws.services, name: "cleanup-1" });
}

function everyTask(states: Readonly<Record<string, State>>): string[] {
  return Object.entries(states).flatMap(([name, state]) => {
    if (state.Type === "Task") return [name];
    return state.Type === "Parallel" ? state.Branches.flatMap((branch) => everyTask(branch.States)) : [];
  });
}

describe("the state machine of a group", () => {
  it("is one that Step Functions takes", () => {
    expect(definitionFaults(machine)).toEqual([]);
    expect(definitionFaults(cleanupMachine(environment, TOPIC))).toEqual([]);
  });

  it("runs every step after those that it needs, side by side where nothing forbids it, and ends its cluster", () => {
    const { aws, execution } = execute({ stepSeconds: (dataset) => (dataset === "weather" ? 300 : 100) });
    expect(execution.status).toBe("SUCCEEDED");
    expect(aws.messages).toEqual([]);
    expect(aws.clusters).toMatchObject([{ terminatedAt: execution.seconds - 1 }]);
    const at = new Map(aws.steps.map((step) => [step.dataset, step]));
    expect(new Set(at.keys())).toEqual(new Set(environment.datasets.map(({ name }) => name)));
    for (const { dataset, after } of steps) {
      for (const input of after) {
        expect(at.get(dataset)?.startedAt).toBeGreaterThanOrEqual(at.get(input)?.endedAt ?? NaN);
      }
    }
    expect(at.get("flights")?.startedAt).toBe(at.get("weather")?.startedAt);
    expect(at.get("delays")?.startedAt).toBe(at.get("airlines")?.startedAt);
  });

  it("runs only what is due", () => {
    const aws = new EmulatedAws();
    run(machine, { cadence: "30-minutes" }, { services: aws.services });
    expect(aws.steps.map(({ dataset }) => dataset)).toEqual(["flights"]);
  });

  it("makes no cluster for a run that it does not know", () => {
    for (const input of [{}, { cadence: "weekly" }]) {
      const aws = new EmulatedAws();
      expect(run(machine, input, { services: aws.services }).status).toBe("FAILED");
      expect(aws.clusters).toEqual([]);
    }
  });

  it("waits for its cluster", () => {
    const { aws } = execute({ startSeconds: 900 });
    expect(aws.steps[0]?.startedAt).toBeGreaterThanOrEqual(900);
  });

  it("lets the others of a level end when a step fails, starts nothing after it, and says which", () => {
    const { aws, execution } = execute({
      stepSeconds: (dataset) => (dataset === "weather" ? 500 : 10),
      fault: (state) => (state.endsWith(": flights") ? new StatesError("States.TaskFailed", "exit code 1") : undefined),
    });
    expect(execution.status).toBe("FAILED");
    expect(aws.steps.map(({ dataset }) => dataset)).toEqual(["weather"]);
    expect(aws.clusters[0]?.terminatedAt).toBeGreaterThanOrEqual(aws.steps[0]?.endedAt ?? NaN);
    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]).toContain("basin-prod-flights: flights failed");
    expect(aws.messages[0]).toContain("Dataset: flights\nStep: basin-prod-flights\nExecution: arn:execution:run-1");
    expect(aws.messages[0]).toContain("prefix=emr/flights/j-1/");
    expect(aws.messages[0]).toContain("exit code 1");
  });

  it("gives up a step that takes longer than its deadline", () => {
    const { aws, execution } = execute({ stepSeconds: (dataset) => (dataset === "weather" ? 1e6 : 10) });
    expect(execution.status).toBe("FAILED");
    expect(aws.messages[0]).toContain("weather failed");
    expect(aws.messages[0]).toContain("States.Timeout");
  });

  it("tries again when EMR is asked too often, and only then", () => {
    const throttled = new StatesError("ElasticMapReduce.ThrottlingException", "ThrottlingException: Rate exceeded");
    const { aws, execution } = execute({
      fault: (state, call) => (state.endsWith(": flights") && call < 3 ? throttled : undefined),
    });
    expect(execution.status).toBe("SUCCEEDED");
    expect(aws.messages).toEqual([]);
  });
});

describe("whatever breaks", () => {
  for (const state of everyTask(machine.States).filter((name) => !name.startsWith("30-minutes"))) {
    it(`ends the cluster when "${state}" fails for good`, () => {
      const { aws, execution } = execute({
        fault: (at) =>
          at === state || isReachedOnlyBy(state, at) ? new StatesError("States.TaskFailed", "broken") : undefined,
      });
      cleanUp(aws, execution);
      for (const cluster of aws.clusters) expect(cluster.terminatedAt, state).toBeDefined();
      if (execution.status === "FAILED" && !state.toLowerCase().includes("announce"))
        expect(aws.messages).not.toEqual([]);
      expect(execution.status).toBe("FAILED");
    });
  }

  it("ends the cluster when the execution is aborted, at any moment", () => {
    const whole = execute().execution.seconds;
    for (let second = 2; second < whole; second += 45) {
      const { aws, execution } = execute({}, second);
      expect(execution.status).toBe("ABORTED");
      cleanUp(aws, execution);
      for (const cluster of aws.clusters) expect(cluster.terminatedAt, `aborted after ${second} s`).toBeDefined();
    }
  });

  it("ends the cluster when the execution runs out of time", () => {
    const { aws, execution } = execute({ startSeconds: 1e9 });
    expect(execution.status).toBe("TIMED_OUT");
    cleanUp(aws, execution);
    expect(aws.clusters[0]?.terminatedAt).toBeDefined();
  });

  it("tells somebody when a cluster cannot be ended at all", () => {
    const { aws, execution } = execute({
      fault: (state) => (state.startsWith("Terminate") ? new StatesError("States.TaskFailed", "no") : undefined),
    });
    cleanUp(aws, execution);
    expect(aws.messages.at(-1)).toContain("a cluster may still run");
  });
});

/** States that come only after another failure: to break them, that one is broken as well. */
function isReachedOnlyBy(state: string, at: string): boolean {
  if (state === "Announce") return at.endsWith("look at cluster");
  if (state === "Announce that there is no cluster") return at.endsWith("create cluster");
  if (state === "Terminate after failure") return at.endsWith("look at cluster");
  const announced = /: announce (\w+)$/.exec(state);
  return announced !== null && at.endsWith(`: ${announced[1] ?? ""}`);
}
