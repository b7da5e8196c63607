import { beforeAll, describe, expect, it } from "vitest";
import { planPlatform } from "./plan";
import type { Plan } from "./shape";
import { mandatoryViolations } from "./summary";

describe.each(["dev", "prod"])("the plan of %s", (stack) => {
  let plan: Plan;
  beforeAll(async () => (plan = await planPlatform({ stack })));

  it("breaks no mandatory policy", () => expect(mandatoryViolations(plan)).toEqual([]));

  it("is the same, byte for byte, in a second run", async () => {
    expect(JSON.stringify(await planPlatform({ stack }))).toBe(JSON.stringify(plan));
  });

  it("leaves no value open, and shows no secret and no path of this machine", () => {
    const text = JSON.stringify(plan);
    const told = ["[unknown]", process.cwd(), "PRIVATE KEY-----"].filter((forbidden) => text.includes(forbidden));
    expect(told).toEqual([]);
  });

  it("names what it declares after the settings", () => {
    const buckets = plan.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    const account = stack === "dev" ? "111122223333" : "444455556666";
    expect(buckets.map(({ inputs }) => inputs.bucket)).toContain(`basin-${stack}-${account}-us-east-1-raw`);
    expect(plan.resources.map(({ inputs }) => inputs.name)).toContain(`basin-${stack}-stream-flights`);
  });

  it("keeps what holds data in prod, whatever a program says", () => {
    const stateful = plan.resources.filter(({ type }) =>
      /:(Bucket|Key|Stream|Table|CatalogDatabase|CatalogTable)$/.test(type),
    );
    expect(stateful.length).toBeGreaterThan(10);
    expect(new Set(stateful.filter(isAws).map(({ options }) => options.protect && options.retainOnDelete))).toEqual(
      new Set([stack === "prod"]),
    );
  });

  it("has a step for every dataset, after those it reads", () => {
    expect(plan.steps.map(({ dataset, after }) => [dataset, after])).toEqual([
      ["airports", []],
      ["flights", []],
      ["planes", []],
      ["weather", []],
      ["airport_rank", ["flights"]],
      ["delays_by_hour", ["flights", "weather"]],
    ]);
  });
});

const isAws = ({ type }: { type: string }): boolean => type.startsWith("aws:");

describe("a plan", () => {
  it("of other people's datasets holds their names", async () => {
    await expect(planPlatform({ stack: "dev", datasetsDir: "nowhere" })).rejects.toThrow("nowhere: is not a folder");
  });

  it("of an unknown stack is refused with the stacks that exist", async () => {
    await expect(planPlatform({ stack: "staging" })).rejects.toThrow("allowed: dev, prod");
  });
});
