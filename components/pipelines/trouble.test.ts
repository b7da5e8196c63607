import { describe, expect, it } from "vitest";
import type { Behaviour, EmulatedAws } from "../../tests/states-language/emr";
import {
  BROKEN,
  everyTrouble,
  failing,
  leftovers,
  THROTTLED,
  withTrouble,
  type Scenario,
} from "../../tests/states-language/trouble";
import { mostEvents } from "./definition";
import { cluster, earlySteps, environment, execute, fastest, machine } from "./testing/group-machine";

describe("whatever breaks in a group's run", () => {
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
