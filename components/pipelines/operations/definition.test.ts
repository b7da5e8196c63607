import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../../tests/environment";
import { EmulatedAws, type Behaviour } from "../../../tests/states-language/emr";
import {
  BROKEN,
  everyTrouble,
  failing,
  leftovers,
  THROTTLED,
  withTrouble,
  type Scenario,
} from "../../../tests/states-language/trouble";
import { definitionFaults } from "../../../tests/states-language/validate";
import type { Environment } from "../../environment";
import { cleanupMachine } from "../cleanup";
import type { StateMachine } from "../states";
import { MOST_DATASETS, OPERATION_NAMES, OPERATIONS, type OperationName } from "./catalogue";
import { operationEvents, operationMachine } from "./definition";
import { factorCommands } from "./factor";
import { renderOperation } from "./render";
import { LAKE } from "./request";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";

function prod(): Environment {
  const datasets = [
    exampleStream("flights", { freshness: "1 hour" }),
    exampleDataset("weather", { freshness: "6 hours" }),
    exampleDataset("delays", {
      source: { kind: "derived", from: ["flights", "weather"] },
      volume: undefined,
      freshness: "6 hours",
    }),
  ];
  const environment = exampleEnvironment("prod", { datasets });
  return { ...environment, capacity: sizePlatform(environment.settings, datasets) };
}

const environment = prod();
const [cluster] = environment.capacity.clusters;
if (!cluster) throw new Error("no cluster");
const addresses = { main: "s3://artifacts/main.py", pyFiles: ["s3://artifacts/jobs.zip"] };

function commandsOf(name: OperationName): Map<string, string[]> {
  const operation = OPERATIONS[name];
  const targets = operation.scope === "lake" ? [undefined] : environment.datasets.filter(operation.takes);
  return new Map(
    targets.map((dataset) => [
      dataset?.name ?? LAKE,
      renderOperation({ environment, operation, dataset, cluster: cluster ?? never(), addresses }),
    ]),
  );
}

function machineOf(name: OperationName): StateMachine {
  const operation = OPERATIONS[name];
  return operationMachine({
    environment,
    operation,
    owner: operation.scope === "lake" ? undefined : "air-traffic",
    commands: commandsOf(name),
    recipe: { Name: "operations", Tags: [{ Key: "basin:stack", Value: "basin-prod" }] },
    cluster: "stack-operations",
    alertsTopicArn: TOPIC,
  });
}

const REQUESTS: Readonly<Record<OperationName, Readonly<Record<string, unknown>>>> = {
  replay: { datasets: ["flights"], from: "2026-11-01T00:00:00Z" },
  restore: { datasets: ["flights", "delays"], version: "3" },
  maintain: { datasets: ["flights", "weather", "delays"] },
  reconcile: { datasets: ["weather"], extract: "s3://extracts/weather.csv" },
  erase: { subject: "N12345", dry_run: true },
};

async function execute(name: OperationName, input: unknown, behaviour: Behaviour = {}, abort?: { at: string }) {
  const aws = new EmulatedAws(behaviour);
  aws.cleanup = cleanupMachine(environment, TOPIC);
  const execution = await aws.execute(machineOf(name), input, "run-1", abort);
  return { aws, execution };
}

it("An operation's command leaves room for what is asked of it, or is refused", () => {
  const long = { ...addresses, main: `s3://artifacts/${"k".repeat(9_000)}/main.py` };
  const erase = { environment, operation: OPERATIONS.erase, dataset: undefined, cluster };
  expect(() => renderOperation({ ...erase, addresses: long })).toThrow(
    /erase of the lake: needs a command that is longer than EMR takes.*at most 9216 characters/,
  );
});

describe.each(OPERATION_NAMES)("the state machine of %s", (name) => {
  it("is one that Step Functions takes", () => {
    expect(definitionFaults(machineOf(name))).toEqual([]);
  });

  it("runs the very command that is rendered, with what was asked for at its end", async () => {
    const request = REQUESTS[name];
    const { aws, execution } = await execute(name, request);
    expect(execution.status).toBe("SUCCEEDED");
    expect(leftovers(aws)).toEqual([]);
    const asked: Record<OperationName, string[]> = {
      replay: ["--from=2026-11-01T00:00:00Z"],
      restore: ["--version=3"],
      maintain: [],
      reconcile: ["--extract=s3://extracts/weather.csv"],
      erase: ["--subject=N12345", "--dry-run"],
    };
    const targets = (request["datasets"] ?? [LAKE]) as string[];
    const commands = commandsOf(name);
    expect(aws.steps.map(({ args }) => args)).toEqual(
      targets.map((target) => [...(commands.get(target) ?? []), ...asked[name]]),
    );
  });

  it("ends its cluster, frees the locks and says so, whatever breaks in any state", { timeout: 120_000 }, async () => {
    const input = REQUESTS[name];
    const scenarios: Scenario[] = [
      { name: "goes well", input },
      { name: "leaves out what may be", input: { ...input, from: undefined, dry_run: undefined, through_pins: true } },
      { name: "is not asked for well", input: {} },
      { name: "is throttled", input, behaviour: { fault: failing(/./, THROTTLED, 1) } },
      { name: "loses Spot nodes", input, behaviour: { stepFault: (_, at) => (at === 1 ? "spot loss" : undefined) } },
      { name: "fails", input, behaviour: { stepFault: () => "exit code 1" } },
      { name: "gets no cluster", input, behaviour: { fault: failing(/create cluster$/, BROKEN) } },
      { name: "loses sight of its cluster", input, behaviour: { fault: failing(/look at cluster$/, BROKEN) } },
      ...[...commandsOf(name).keys(), "nothing"].map((dataset) => ({
        name: `is for ${dataset}`,
        input: { ...input, datasets: [dataset] },
      })),
    ];
    const { cases, unreached } = await everyTrouble(machineOf(name), scenarios, (scenario) =>
      execute(name, scenario.input, scenario.behaviour),
    );
    expect(unreached).toEqual([]);
    for (const each of cases) {
      const abort = each.trouble === "abort" ? { at: each.state } : undefined;
      const { aws, execution } = await execute(name, each.scenario.input, withTrouble(each), abort);
      const what = `${each.trouble} in "${each.state}" while it ${each.scenario.name}`;
      expect(leftovers(aws), what).toEqual([]);
      expect(execution.events, what).toBeLessThan(operationEvents(commandsOf(name)));
      const isSilent = /announce/i.test(each.state) || execution.error?.error === "Basin.BadRequest";
      if (execution.status !== "SUCCEEDED" && !isSilent) expect(aws.messages, what).not.toEqual([]);
      if (each.trouble === "abort") expect(execution.status, what).toBe("ABORTED");
    }
  });
});

describe("an operation", () => {
  it("makes no cluster for a request that is not its own", async () => {
    const requests: [OperationName, unknown][] = [
      ["restore", { datasets: ["flights"] }],
      ["restore", { datasets: [], version: "3" }],
      ["restore", { datasets: "flights", version: "3" }],
      ["restore", { datasets: ["planes"], version: "3" }],
      ["restore", { datasets: ["flights"], version: 3 }],
      ["replay", { datasets: ["delays"] }],
      ["maintain", { datasets: Array.from({ length: MOST_DATASETS + 1 }, () => "flights") }],
      ["erase", {}],
    ];
    for (const [name, input] of requests) {
      const { aws, execution } = await execute(name, input);
      expect(execution.error, JSON.stringify(input)).toMatchObject({ error: "Basin.BadRequest" });
      expect(execution.error?.reason).toContain("allowed: {");
      expect(aws.clusters).toEqual([]);
    }
  });

  it("cannot be talked into another dataset or option: a value is one argument with its option", async () => {
    const { aws } = await execute("restore", { datasets: ["flights"], version: "3 --dataset weather" });
    expect(aws.steps.map(({ args }) => args.at(-1))).toEqual(["--version=3 --dataset weather"]);
  });

  it("goes on with the other datasets when one fails, names it, and fails in the end", async () => {
    const { aws, execution } = await execute("maintain", REQUESTS.maintain, {
      stepFault: (dataset) => (dataset === "weather" ? "exit code 1" : undefined),
    });
    expect(execution.status).toBe("FAILED");
    expect(aws.steps.map(({ dataset, state }) => [dataset, state])).toEqual([
      ["flights", "COMPLETED"],
      ["weather", "FAILED"],
      ["delays", "COMPLETED"],
    ]);
    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]).toContain("basin-prod-maintain-air-traffic: maintain failed");
    expect(aws.messages[0]).toContain("Dataset: weather");
    expect(aws.messages[0]).toContain("prefix=emr/stack-operations/j-1/");
  });

  it("and a load never write one table at once: the later one waits, or ends without having written", async () => {
    for (const seconds of [300, 3_000]) {
      const aws = new EmulatedAws({ stepSeconds: () => seconds });
      const first = aws.start(machineOf("restore"), { datasets: ["flights"], version: "3" }, "run-1");
      const second = aws.start(machineOf("maintain"), { datasets: ["flights"] }, "run-2");
      const [one, two] = await aws.clock.drive(Promise.all([first, second]));
      await aws.settle();
      expect([one.status, two.status].sort()).toEqual([seconds === 300 ? "SUCCEEDED" : "FAILED", "SUCCEEDED"]);
      expect(leftovers(aws)).toEqual([]);
      expect(aws.locks.writings).toHaveLength(seconds === 300 ? 2 : 1);
    }
  });
});

describe("commands of one operation", () => {
  it("share all but what is their own, and are whole again when they are put together", () => {
    const commands = commandsOf("restore");
    const { common, own } = factorCommands(commands);
    for (const [name, command] of commands) {
      const parts = own.get(name) ?? [];
      expect(common.flatMap((segment, index) => [...segment, ...(parts[index] ?? [])])).toEqual(command);
    }
    expect([...own.values()].flat(2)).not.toContain(addresses.main);
  });
});

function never(): never {
  throw new Error("no cluster");
}
