import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { record } from "../cli/plan/record";
import type { Environment } from "../components/environment";
import { platformContract, type PlatformContract } from "../contract/schema";
import { valueOf } from "../tests/consumer-deployment";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { platformOutputs } from "./outputs";

const CONSUMERS = { planning: { account: "777788889999", role: "planner", externalId: "between-us" } };
const environment = exampleEnvironment("prod", {
  datasets: [
    exampleStream("events", { consumers: ["planning"], key: ["id"], sequence: "id" }),
    exampleDataset("places", { consumers: ["planning"] }),
  ],
  settings: { consumers: CONSUMERS, retired: { places: "2026-12-01" }, budget: { monthly: 1234567 } },
});

interface Exported {
  readonly value: PlatformContract;
  readonly isSecret: boolean;
}

/** What the stack exports, where its file keeps these keys as secrets. */
async function exported(of: Environment, secretKeys: string[] = []): Promise<Exported> {
  const target = {
    project: "basin",
    stack: "prod",
    account: { accountId: of.settings.accountId, region: "us-east-1" },
    config: {},
    root: process.cwd(),
  };
  const { declared } = await record(target, async () => {
    pulumi.runtime.setAllConfig({}, secretKeys);
    const output = platformOutputs(of, {
      lakeKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1",
      alertsTopicArn: "arn:aws:sns:us-east-1:111122223333:alerts",
      vpcId: "vpc-1",
      subnetIds: ["subnet-1"],
      readers: { planning: { roleArn: "arn:aws:iam::111122223333:role/reader", workGroup: "planning" } },
      streams: { events: { arn: "arn:aws:kinesis:events", producerPolicyArn: "arn:aws:iam:producer" } },
    });
    return { value: (await valueOf(output)) as PlatformContract, isSecret: await pulumi.isSecret(output) };
  });
  return declared;
}

describe("what a stack exports", () => {
  it("is the contract's schema and not a key more", async () => {
    const { value } = await exported(environment);
    expect(platformContract.parse(value)).toEqual(value);
  });

  it("says how a dataset is read, and since when one is retired", async () => {
    const { value } = await exported(environment);
    expect(value.datasets["events"]).toMatchObject({
      location: "s3://basin-prod-111122223333-us-east-1-lake/silver/events/",
      key: ["id"],
      columns: { id: { type: "bigint", required: true, description: "Number of the row." } },
      readers: {
        planning: {
          account: "777788889999",
          role: "planner",
          externalId: "between-us",
          versionsBus: "basin-prod-versions-planning",
        },
      },
      stream: { name: "basin-prod-stream-events", format: "json" },
    });
    expect(value.datasets["events"]).not.toHaveProperty("retired");
    expect(value.datasets["places"]).toMatchObject({ retired: "2026-12-01" });
  });

  it("names no bucket, zone, table or setting that is the platform's own", async () => {
    const text = JSON.stringify((await exported(environment)).value);
    const internal =
      /-(raw|landing|artifacts|logs|access-logs)\b|__(rejected|extra|undelivered)|1234567|data-platform@/;
    expect(text).not.toMatch(internal);
    // It would be found, if it were there.
    expect(`${text}basin-prod-111122223333-us-east-1-raw`).toMatch(internal);
  });

  it("is a secret where the stack's file keeps the consumers as one, for their external ids, and else is none", async () => {
    expect((await exported(environment, ["basin:consumers"])).isSecret).toBe(true);
    expect((await exported(environment)).isSecret).toBe(false);
  });
});
