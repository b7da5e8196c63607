import { describe, expect, it } from "vitest";
import type { Behaviour, EmulatedAws } from "../../../tests/states-language/emr";
import {
  BROKEN,
  everyTrouble,
  failing,
  THROTTLED,
  withTrouble,
  type Scenario,
} from "../../../tests/states-language/trouble";
import { House, machineOf, ON_BLUE, ON_GREEN } from "./testing/house";

describe("whatever breaks in a supervisor", () => {
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
