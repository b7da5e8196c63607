import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../../tests/environment";
import { EmulatedAws, type Behaviour, type EmulatedCluster } from "../../../tests/states-language/emr";
import { definitionFaults } from "../../../tests/states-language/validate";
import type { Environment } from "../../environment";
import { operationsSize } from "../../spark-cluster/operations";
import type { StateMachine } from "../states";
import type { Step } from "../step";
import { supervisorMachine } from "../supervisor/definition";
import { OPERATIONS, type OperationName } from "./catalogue";
import { operationMachine } from "./definition";
import { renderOperation } from "./render";
import { LAKE } from "./request";
import { standstillStatements } from "./standstill";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";
const FOR_EVER = 1e7;
const OPERATING = 2_000;

function live(): Environment {
  const datasets = [
    exampleStream("flights", { key: ["id"], sequence: "id", freshness: "2 minutes" }),
    exampleDataset("weather", { freshness: "6 hours" }),
  ];
  const standing = { live: { generations: ["blue"], active: "blue" } };
  const environment = exampleEnvironment("prod", { datasets, settings: { spark: { standing } } });
  return { ...environment, capacity: sizePlatform(environment.settings, datasets) };
}

const environment = live();
const stream: Step = {
  ...{ dataset: "flights", name: "basin-prod-flights", after: [], way: "direct", latencySeconds: 120 },
  args: ["spark-submit", "main.py", "stream", "--dataset", "flights"],
};

function machineOf(name: OperationName): StateMachine {
  const operation = OPERATIONS[name];
  const cluster = operationsSize(environment.capacity);
  if (!cluster) throw new Error("no cluster of operations");
  const addresses = { main: "s3://artifacts/main.py", pyFiles: ["s3://artifacts/jobs.zip"] };
  const targets = operation.scope === "lake" ? [undefined] : environment.datasets.filter(operation.takes);
  return operationMachine({
    ...{ environment, operation, alertsTopicArn: TOPIC, cluster: cluster.name },
    owner: operation.scope === "lake" ? undefined : "air-traffic",
    commands: new Map(
      targets.map((dataset) => [
        dataset?.name ?? LAKE,
        renderOperation({ environment, operation, dataset, cluster, addresses }),
      ]),
    ),
    recipe: { Name: "operations", Tags: [{ Key: "basin:stack", Value: "basin-prod" }] },
  });
}

/** A standing cluster on which the stream runs, and operations beside it. */
class House {
  readonly aws: EmulatedAws;
  private readonly blue: EmulatedCluster;
  private number = 0;

  constructor(behaviour: Behaviour = {}) {
    const stepSeconds = (): number =>
      this.streams().some(({ endedAt }) => endedAt === undefined) ? FOR_EVER : OPERATING;
    this.aws = new EmulatedAws({ stepSeconds, ...behaviour });
    this.blue = this.aws.addCluster({}, -1e6);
  }

  streams() {
    return this.aws.steps.filter(({ cluster }) => cluster === this.blue);
  }

  operations() {
    return this.aws.steps.filter(({ cluster }) => cluster !== this.blue);
  }

  async supervise() {
    const active = { generation: "blue", clusterId: this.blue.id };
    const machine = supervisorMachine({
      ...{ environment, name: "live", active, others: [], streams: [stream], alertsTopicArn: TOPIC },
    });
    return await this.aws.clock.drive(this.aws.start(machine, {}, `supervisor-${++this.number}`));
  }

  /** An operation, with a supervisor every five minutes beside it. */
  async operate(name: OperationName, input: unknown, abort?: { at: string }) {
    const execution = this.aws.start(machineOf(name), input, "operation", abort);
    const going = { on: true };
    void execution.finally(() => (going.on = false));
    while (going.on) {
      await this.aws.clock.pass(300);
      await this.supervise();
    }
    return await execution;
  }
}

const REQUESTS = { restore: { datasets: ["flights"], version: "3" }, erase: { subject: "N12345" } } as const;

describe.each(["restore", "erase"] as const)("%s of a stream that a standing cluster reads", (name) => {
  it("is a machine that Step Functions takes", () => {
    expect(definitionFaults(machineOf(name))).toEqual([]);
  });

  it("has the table for itself: the stream ends first, and is started again afterwards", async () => {
    const house = new House();
    await house.supervise();
    expect((await house.operate(name, REQUESTS[name])).status).toBe("SUCCEEDED");
    const [before] = house.streams();
    const [operation] = house.operations();
    expect(before).toMatchObject({ state: "COMPLETED" });
    expect(operation?.state).toBe("COMPLETED");
    expect(before?.endedAt).toBeLessThanOrEqual(operation?.startedAt ?? 0);
    expect(house.aws.locks.clashes()).toEqual([]);
    await house.supervise();
    const [, again] = house.streams();
    expect(house.streams()).toHaveLength(2);
    expect(again?.state).toBe("RUNNING");
    expect(again?.startedAt).toBeGreaterThanOrEqual(operation?.endedAt ?? Infinity);
    expect([...house.aws.objects]).toEqual([]);
  });

  it("leaves nothing that keeps the stream from going on, when it is aborted", async () => {
    const house = new House();
    await house.supervise();
    const at = `run ${name}`;
    expect((await house.operate(name, REQUESTS[name], { at })).status).toBe("ABORTED");
    await house.supervise();
    expect(house.streams().filter(({ state }) => state === "RUNNING")).toHaveLength(1);
  });

  it("goes on where no job runs that could hear, and takes its request back", async () => {
    const house = new House();
    const execution = house.aws.start(machineOf(name), REQUESTS[name], "operation");
    expect((await house.aws.clock.drive(execution)).status).toBe("SUCCEEDED");
    expect([...house.aws.objects]).toEqual([]);
  });
});

describe("a restore under a stream that does not hear", () => {
  it("fails on the table's lock, and never writes beside it", async () => {
    const house = new House({ stopSeconds: "never" });
    await house.supervise();
    expect((await house.operate("restore", REQUESTS.restore)).status).toBe("FAILED");
    expect(house.aws.locks.clashes()).toEqual([]);
    expect(house.streams().map(({ state }) => state)).toEqual(["RUNNING"]);
    expect([...house.aws.objects]).toEqual([]);
  });
});

describe("an operation on another dataset", () => {
  it("lets the stream run", async () => {
    const house = new House();
    await house.supervise();
    const execution = house.aws.start(machineOf("maintain"), { datasets: ["weather"] }, "operation");
    await house.aws.clock.drive(Promise.race([execution, house.aws.clock.sleep(4_000)]));
    expect(house.streams().map(({ state }) => state)).toEqual(["RUNNING"]);
    expect([...house.aws.objects]).toEqual([]);
  });
});

describe("what operations may do for that", () => {
  it("is to ask the streams that are read directly, and to take their supervisor's place", () => {
    const statements = standstillStatements(environment, ["flights", "weather"]);
    const resources = new Map(statements.map(({ Sid, Resource }) => [Sid, Resource]));
    expect(resources.get("AskStreamsToEnd")).toEqual([
      `${environment.names.bucketArn("lake")}/silver/flights__stream/stop`,
    ]);
    expect(resources.get("LookAtItsExecutions")).toEqual([
      "arn:aws:states:us-east-1:111122223333:execution:basin-prod-supervisor-live:*",
      "arn:aws:states:us-east-1:111122223333:execution:basin-prod-operation-*:*",
    ]);
    expect(standstillStatements(environment, ["weather"])).toEqual([]);
  });
});
