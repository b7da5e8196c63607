import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { checkPolicies } from "../../cli/plan/policies";
import { platformContract } from "../../contract/schema";
import { deployConsumer as deploy, PLATFORM, valueOf, type Deployed } from "../../tests/consumer-deployment";
import pinned from "./basin.contract.json";

const ACCOUNT = "777788889999";
const contract = platformContract.parse(pinned);
const deployConsumer = (basin = contract, account = ACCOUNT): Promise<Deployed<typeof import("./index.js")>> =>
  deploy({ outputs: { basin }, account, config: { "consumer:platform": PLATFORM } }, async () => {
    vi.resetModules();
    return import("./index.js");
  });

describe("the consumer's program", () => {
  it("assumes the reader role, and works when there is a new version of flights", async () => {
    const { resources, declared } = await deployConsumer();
    const inputs = (type: string): Readonly<Record<string, unknown>> | undefined =>
      resources.find((resource) => resource.type === type)?.inputs;
    expect(JSON.parse(String(inputs("aws:iam/policy:Policy")?.["policy"]))).toMatchObject({
      Statement: [
        { Action: "sts:AssumeRole", Resource: "arn:aws:iam::444455556666:role/basin-prod-reader-fleet-planning" },
      ],
    });
    expect(inputs("aws:cloudwatch/eventBus:EventBus")?.["name"]).toBe("basin-prod-versions-fleet-planning");
    expect(JSON.parse(String(inputs("aws:cloudwatch/eventRule:EventRule")?.["eventPattern"]))).toMatchObject({
      source: ["aws.s3"],
      account: ["444455556666"],
    });
    expect(await valueOf(pulumi.output(declared.planner))).toMatchObject({
      query: "select dep_delay from basin_prod_silver.flights",
      delayType: "double",
    });
  });

  it("holds the platform's policies", async () => {
    const { resources } = await deployConsumer();
    const { checked, violations } = checkPolicies(resources, {
      environment: "prod",
      exceptions: [],
      today: "2026-12-01",
    });
    expect(violations).toEqual([]);
    expect(checked).toBeGreaterThan(20);
  });

  it("is refused in an account that is not the consumer's", async () => {
    await expect(deployConsumer(contract, "111122223333")).rejects.toThrow(
      "the platform lets fleet-planning read from account 777788889999, " +
        "and this program deploys to account 111122223333",
    );
  });

  it("is refused beside dev's platform, for it is written for prod's", async () => {
    const dev = { ...contract, accountId: "111122223333", environment: "dev" as const };
    await expect(deployConsumer(dev)).rejects.toThrow("is the dev platform of account 111122223333");
  });
});
