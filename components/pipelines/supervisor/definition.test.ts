import { describe, expect, it } from "vitest";
import { definitionFaults } from "../../../tests/states-language/validate";
import { FOR_EVER, House, machineOf, ON_BLUE, ON_GREEN } from "./testing/house";

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
