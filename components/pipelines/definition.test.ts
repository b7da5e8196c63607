import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { EmulatedAws, type Behaviour } from "../../tests/states-language/emr";
import type { Execution } from "../../tests/states-language/interpreter";
import {
  BROKEN,
  everyTrouble,
  failing,
  leftovers,
  THROTTLED,
  withTrouble,
  type Scenario,
} from "../../tests/states-language/trouble";
import { definitionFaults } from "../../tests/states-language/validate";
import type { Environment } from "../environment";
import { cleanupMachine } from "./cleanup";
import { mostEvents, stateMachine } from "./definition";
import type { StateMachine } from "./states";
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
const [cluster] = environment.capacity.clusters;
if (!cluster) throw new Error("no cluster");
const steps = renderSteps(
  environment,
  ["main", "jobs", "datasets", "dependencies"].map((name) => ({
    name,
    bucket: "artifacts",
    key: name,
    content: { text: "" },
  })),
);
const recipes = Object.fromEntries(
  cluster.cadences.map(({ name }) => [name, { Name: name, Tags: [{ Key: "basin:stack", Value: "basin-prod" }] }]),
);
const machine: StateMachine = stateMachine({ environment, cluster, recipes, steps, alertsTopicArn: TOPIC });
const cleanup = cleanupMachine(environment, TOPIC);
const fastest = cluster.cadences[0]?.name ?? "";
const slowest = cluster.cadences.at(-1)?.name ?? "";

interface Run {
  readonly aws: EmulatedAws;
  readonly execution: Execution;
}

function emulate(behaviour: Behaviour = {}): EmulatedAws {
  const aws = new EmulatedAws(behaviour);
  aws.cleanup = cleanup;
  return aws;
}

async function execute(
  behaviour: Behaviour = {},
  { prepare, input = { cadence: slowest } }: Partial<Scenario> = {},
  abort?: Parameters<EmulatedAws["start"]>[3],
): Promise<Run> {
  const aws = emulate(behaviour);
  prepare?.(aws);
  return { aws, execution: await aws.execute(machine, input, "run-1", abort) };
}

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

describe("whatever breaks", () => {
  const held = (status: string | undefined) => (aws: EmulatedAws) => {
    aws.claims.set("run/flights", "arn:other");
    if (status !== undefined) aws.executions.set("arn:other", { status });
  };
  const scenarios: Scenario[] = [
    ...cluster.cadences.flatMap(({ name }): Scenario[] => {
      const input = { cadence: name };
      const behaviours: Record<string, Behaviour> = {
        "goes well": {},
        "is throttled": { fault: failing(/./, THROTTLED, 1) },
        "loses Spot nodes": { stepFault: (_, attempt) => (attempt === 1 ? "spot loss" : undefined) },
        "starts slowly": { startSeconds: 900 },
        ...Object.fromEntries(
          environment.datasets.map((dataset) => [
            `fails in ${dataset.name}`,
            { stepFault: (at: string) => (at === dataset.name ? ("exit code 1" as const) : undefined) },
          ]),
        ),
        "gets no cluster": { fault: failing(/create cluster$/, BROKEN) },
        "loses sight of its cluster": { fault: failing(/look at cluster$/, BROKEN) },
      };
      return Object.entries(behaviours).map(([what, behaviour]) => ({ name: `${name} ${what}`, input, behaviour }));
    }),
    { name: "no run", input: {} },
    { name: "held by one that runs", input: { cadence: fastest }, prepare: held("RUNNING") },
    { name: "held by one that ended", input: { cadence: fastest }, prepare: held("ABORTED") },
  ];

  it(
    "ends the cluster, keeps the order, frees the lock and says so, in every state",
    { timeout: 120_000 },
    async () => {
      const { cases, unreached } = await everyTrouble(machine, scenarios, (scenario) =>
        execute(scenario.behaviour, scenario),
      );
      expect(unreached).toEqual([]);
      expect(cases.length).toBeGreaterThan(150);
      for (const each of cases) {
        const abort = each.trouble === "abort" ? { at: each.state } : undefined;
        const { aws, execution } = await execute(withTrouble(each), each.scenario, abort);
        const what = `${each.trouble} in "${each.state}" while it ${each.scenario.name}`;
        aws.executions.delete("arn:other");
        expect(leftovers(aws), what).toEqual([]);
        expect(earlySteps(aws), what).toEqual([]);
        expect(execution.events, what).toBeLessThan(mostEvents(cluster));
        const silenced = /announce/i.test(each.state) || each.state === "Unknown run";
        if (execution.status !== "SUCCEEDED" && !silenced) expect(aws.messages, what).not.toEqual([]);
        if (each.trouble === "abort") expect(execution.status, what).toBe("ABORTED");
      }
    },
  );

  it("ends the cluster when the execution is aborted, at any moment", async () => {
    let aborted = 0;
    for (let second = 2; ; second += 25, aborted++) {
      const { aws, execution } = await execute({}, {}, { after: second });
      if (execution.status === "SUCCEEDED") break;
      expect(execution.status).toBe("ABORTED");
      expect(leftovers(aws), `aborted after ${second} s`).toEqual([]);
      expect(earlySteps(aws), `aborted after ${second} s`).toEqual([]);
    }
    expect(aborted).toBeGreaterThan(20);
  });

  it("leaves a cluster to its idle time-out when the clean-up breaks as well, and tells somebody", async () => {
    for (const state of ["Find clusters", "Terminate cluster"]) {
      const { aws } = await execute({ fault: failing(new RegExp(`^${state}$`), BROKEN) }, {}, { after: 700 });
      expect(aws.messages.at(-1)).toContain("a cluster may still run");
      expect(leftovers(aws)).toEqual([]);
    }
  });

  it("tells somebody when an execution ran out of time", async () => {
    const { aws, execution } = await execute({
      fault: (state) => (/create cluster$/.test(state) ? "never" : undefined),
    });
    expect(execution.status).toBe("TIMED_OUT");
    expect(aws.messages.at(-1)).toContain("ended as TIMED_OUT");
  });
});

/** Steps that started before what they read from was done. */
function earlySteps(aws: EmulatedAws): string[] {
  return aws.steps.flatMap(({ dataset, startedAt }) =>
    (steps.find((step) => step.dataset === dataset)?.after ?? [])
      .filter(
        (input) =>
          !aws.steps.some(
            (each) => each.dataset === input && each.state === "COMPLETED" && (each.endedAt ?? NaN) <= startedAt,
          ),
      )
      .map((input) => `${dataset} before ${input}`),
  );
}
