import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../../tests/environment";
import { EmulatedAws, type Behaviour, type EmulatedCluster } from "../../../tests/states-language/emr";
import {
  BROKEN,
  everyTrouble,
  failing,
  THROTTLED,
  withTrouble,
  type Scenario,
} from "../../../tests/states-language/trouble";
import { definitionFaults } from "../../../tests/states-language/validate";
import type { StateMachine } from "../states";
import type { Step } from "../step";
import { supervisorMachine } from "./definition";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";
const FOR_EVER = 1e7;
const environment = exampleEnvironment("prod");

const stream = (dataset: string): Step => ({
  dataset,
  name: `basin-prod-${dataset}`,
  args: ["spark-submit", "main.py", "stream", "--dataset", dataset],
  after: [],
  way: "direct",
  latencySeconds: 60,
});
const streams = ["flights", "bookings"].map(stream);

function machineOf(blue: EmulatedCluster, green: EmulatedCluster | undefined): StateMachine {
  const generation = (name: string, { id }: EmulatedCluster) => ({ generation: name, clusterId: id });
  return supervisorMachine({
    environment,
    name: "streams",
    active: green ? generation("green", green) : generation("blue", blue),
    others: green ? [generation("blue", blue)] : [],
    streams,
    alertsTopicArn: TOPIC,
  });
}

/** Blue alone, or blue and green while the streams move from one to the other. */
class House {
  readonly aws: EmulatedAws;
  readonly blue: EmulatedCluster;
  readonly green: EmulatedCluster | undefined;
  private number = 0;

  constructor(behaviour: Behaviour = {}, { rotating = false, greenReady = true } = {}) {
    this.aws = new EmulatedAws({ stepSeconds: () => FOR_EVER, ...behaviour });
    this.blue = this.aws.addCluster({}, -1e6);
    this.green = rotating ? this.aws.addCluster({}, greenReady ? -1e6 : 1e6) : undefined;
  }

  get machine(): StateMachine {
    return machineOf(this.blue, this.green);
  }

  /** As the schedule starts it. */
  supervise(machine = this.machine, abort?: { at: string }) {
    const name = `supervisor-${++this.number}`;
    return this.aws.clock.drive(this.aws.start(machine, {}, name, abort));
  }

  /** Streams that run, with the cluster on which they do. */
  running(): string[] {
    return this.aws.steps
      .filter(({ state }) => state === "RUNNING")
      .map(({ dataset, cluster }) => `${dataset} on ${cluster === this.blue ? "blue" : "green"}`)
      .sort();
  }

  /** Two steps of one stream at one time. */
  doubles(): string[] {
    const { steps } = this.aws;
    return steps.flatMap((one, index) =>
      steps
        .slice(index + 1)
        .filter((two) => one.dataset === two.dataset && two.startedAt < (one.endedAt ?? Infinity))
        .map((two) => `${one.dataset}: ${one.id} and ${two.id}`),
    );
  }
}

const ON_BLUE = ["bookings on blue", "flights on blue"];
const ON_GREEN = ["bookings on green", "flights on green"];

describe("the supervisor", () => {
  it("is a state machine that Step Functions takes", () => {
    expect(definitionFaults(new House().machine)).toEqual([]);
    expect(definitionFaults(new House({}, { rotating: true }).machine)).toEqual([]);
  });

  it("starts every stream once, and then leaves it alone", async () => {
    const house = new House();
    for (let round = 0; round < 3; round++) expect((await house.supervise()).status).toBe("SUCCEEDED");
    expect(house.running()).toEqual(ON_BLUE);
    expect(house.aws.steps).toHaveLength(2);
    expect(house.aws.messages).toEqual([]);
  });

  it("starts a stream again that has ended, and tells of it", async () => {
    const house = new House({
      stepFault: (dataset, attempt) => (dataset === "flights" && attempt === 1 ? "exit code 1" : undefined),
      stepSeconds: (dataset) => (dataset === "flights" ? 400 : FOR_EVER),
    });
    await house.supervise();
    await house.aws.clock.pass(300);
    expect(house.running()).toEqual(["bookings on blue"]);
    await house.supervise();
    expect(house.running()).toEqual(ON_BLUE);
    expect(house.aws.messages).toHaveLength(1);
    expect(house.aws.messages[0]).toContain("flights had ended and was started again");
    expect(house.doubles()).toEqual([]);
  });

  it("alarms when a stream does not stay up, and looks after the others", async () => {
    const house = new House({ stepSeconds: (dataset) => (dataset === "flights" ? 10 : FOR_EVER) });
    expect((await house.supervise()).status).toBe("FAILED");
    expect(house.running()).toEqual(["bookings on blue"]);
    expect(house.aws.messages).toHaveLength(1);
    expect(house.aws.messages[0]).toContain("basin-prod-supervisor-streams: flights does not run");
    expect(house.aws.messages[0]).toContain("Dataset: flights\nStep: basin-prod-flights\nCluster: j-1");
  });

  it("never starts a stream twice, however many supervisors there are", async () => {
    const house = new House();
    const starts = ["one", "two", "three"].map((name) => house.aws.start(house.machine, {}, name));
    await house.aws.clock.drive(Promise.all(starts));
    expect(house.aws.steps).toHaveLength(2);
    expect(house.doubles()).toEqual([]);
  });
});

describe("a rotation from blue to green", () => {
  it("ends a stream on blue before it starts it on green", async () => {
    const house = new House({}, { rotating: true });
    await house.supervise(machineOf(house.blue, undefined));
    expect(house.running()).toEqual(ON_BLUE);
    expect((await house.supervise()).status).toBe("SUCCEEDED");
    expect(house.running()).toEqual(ON_GREEN);
    expect(house.doubles()).toEqual([]);
    expect(house.aws.locks.clashes()).toEqual([]);
    expect(house.aws.messages).toEqual([]);
  });

  it("leaves the streams on blue until green takes steps", async () => {
    const house = new House({}, { rotating: true, greenReady: false });
    await house.supervise(machineOf(house.blue, undefined));
    expect((await house.supervise()).status).toBe("SUCCEEDED");
    expect(house.running()).toEqual(ON_BLUE);
  });

  it("asks a stream to end rather than cancel it: EMR would end its command, and YARN run the job on", async () => {
    const house = new House({ cancelSeconds: FOR_EVER }, { rotating: true });
    await house.supervise(machineOf(house.blue, undefined));
    expect((await house.supervise()).status).toBe("SUCCEEDED");
    expect(house.running()).toEqual(ON_GREEN);
    expect(house.aws.steps.filter(({ cluster }) => cluster === house.blue).map(({ state }) => state)).toEqual([
      "COMPLETED",
      "COMPLETED",
    ]);
    expect([...house.aws.objects]).toEqual([]);
  });

  it("cancels a stream that has not heard for ten minutes, and takes the request back", async () => {
    const house = new House({ stopSeconds: "never" }, { rotating: true });
    await house.supervise(machineOf(house.blue, undefined));
    expect((await house.supervise()).status).toBe("SUCCEEDED");
    expect(house.running()).toEqual(ON_GREEN);
    expect(house.doubles()).toEqual([]);
    expect([...house.aws.objects]).toEqual([]);
  });

  it("starts nothing on green while a stream does not end on blue, and alarms", async () => {
    const house = new House({ stopSeconds: "never", cancelSeconds: FOR_EVER }, { rotating: true });
    await house.supervise(machineOf(house.blue, undefined));
    expect((await house.supervise()).status).toBe("FAILED");
    expect(house.running()).toEqual(ON_BLUE);
    expect(house.aws.messages.join()).toContain("flights does not run");
  });
});

describe("whatever breaks", () => {
  const scenarios: (Scenario & { rotating: boolean; ran: boolean })[] = [false, true].flatMap((rotating) => {
    const base = { input: {}, rotating };
    return [
      { ...base, name: "starts", ran: false },
      { ...base, name: "moves", ran: true },
      { ...base, name: "does not hear", ran: true, behaviour: { stopSeconds: "never" as const } },
      { ...base, name: "is throttled", ran: false, behaviour: { fault: failing(/./, THROTTLED, 1) } },
      { ...base, name: "cannot add", ran: false, behaviour: { fault: failing(/add its step$/, BROKEN) } },
      { ...base, name: "is broken", ran: false, behaviour: { fault: failing(/Claim/, BROKEN) } },
      {
        ...base,
        name: "starts what had ended",
        ran: true,
        behaviour: {
          stepFault: (_: string, at: number) => (at === 1 ? ("exit code 1" as const) : undefined),
          stepSeconds: () => 2_000,
        },
      },
      ...["RUNNING", "ABORTED"].map((status) => ({
        ...base,
        name: `is held by one that is ${status}`,
        ran: false,
        prepare: (aws: EmulatedAws) => {
          aws.claims.set("run/supervisor/streams", "arn:other");
          aws.executions.set("arn:other", { status });
        },
      })),
    ];
  });

  for (const rotating of [false, true]) {
    it(
      `never has two writers, says so, and the next supervisor puts it right: ${rotating ? "in a rotation" : "at rest"}`,
      { timeout: 120_000 },
      async () => {
        const own = scenarios.filter((scenario) => scenario.rotating === rotating);
        const begin = async (scenario: Scenario, behaviour: Behaviour, abort?: { at: string }) => {
          const found = own.find(({ name }) => name === scenario.name);
          if (!found) throw new Error(scenario.name);
          const house = new House(behaviour, { rotating });
          if (found.ran) {
            // What had ended did so on the active generation.
            await house.supervise(behaviour.stepSeconds ? house.machine : machineOf(house.blue, undefined));
            if (behaviour.stepSeconds) await house.aws.clock.pass(1_500);
          }
          house.aws.messages.length = 0;
          scenario.prepare?.(house.aws);
          return { house, execution: await house.supervise(house.machine, abort) };
        };
        const { cases, unreached } = await everyTrouble(new House({}, { rotating }).machine, own, (scenario) =>
          begin(scenario, scenario.behaviour ?? {}),
        );
        expect(unreached).toEqual([]);
        for (const each of cases) {
          const abort = each.trouble === "abort" ? { at: each.state } : undefined;
          let healed = false;
          const troubled = withTrouble(each);
          const behaviour: Behaviour = {
            ...troubled,
            fault: (state, call) => (healed ? undefined : troubled.fault?.(state, call)),
          };
          const { house, execution } = await begin(each.scenario, behaviour, abort);
          const what = `${each.trouble} in "${each.state}" while it ${each.scenario.name}`;
          if (execution.status === "FAILED" && !/announce/i.test(each.state))
            expect(house.aws.messages, what).not.toEqual([]);
          healed = true;
          house.aws.executions.delete("arn:other");
          house.aws.claims.forEach((holder, key) => holder === "arn:other" && house.aws.claims.delete(key));
          await house.aws.clock.pass(300);
          await house.supervise();
          expect(house.running(), what).toEqual(rotating ? ON_GREEN : ON_BLUE);
          expect(house.doubles(), what).toEqual([]);
          expect(house.aws.locks.clashes(), what).toEqual([]);
        }
      },
    );
  }
});
