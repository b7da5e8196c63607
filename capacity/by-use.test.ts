import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../tests/environment";
import type { PricedResource } from "./bill/line";
import { usesOf, type UseSize } from "./by-use";
import { costOf } from "./cost";
import { sizePlatform } from "./index";

const DAYS = 730 / 24;

function environment(daily: string) {
  const datasets = [exampleDataset("rows", { volume: { stored: "0 B", daily, record: "1 kB" } })];
  const without = exampleEnvironment("prod", { datasets });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

function use(daily: string, of: UseSize["of"], name: string): UseSize {
  const found = usesOf(environment(daily)).find((each) => each.of === of && each.name === name);
  if (!found) throw new Error(`nothing of ${of} ${name}`);
  return found;
}

describe("what the runs use", () => {
  it("of the lake's key is one request in a hundred of those to S3", () => {
    // 1 TiB a day is 131,072 reads of 8 MiB; as columns 0.35 of it, 5,734.4 writes of 64 MiB; × 30.4167 days ÷ 100.
    expect(use("1 TiB", "keys", "lake").quantity).toBeCloseTo(((131_072 + 5_734.4) * DAYS) / 100, 3);
  });

  it("of logs is a step's lines each run, and the state machine's events", () => {
    // Every 8 hours: 3 × 30.4167 runs of 20 kB, and of 72 states with 4 events of 1.5 kB.
    expect(use("1 TiB", "logs", "jobs").quantity).toBeCloseTo(3 * DAYS * 20_000, 3);
    expect(use("1 TiB", "logs", "pipeline-rows").quantity).toBeCloseTo(3 * DAYS * 72 * 4 * 1_500, 3);
  });

  it("is more the more there is, and is never nothing", () => {
    const [less, more] = ["1 GB", "100 TB"].map((daily) => usesOf(environment(daily)));
    more?.forEach(({ of, name, quantity }, index) => {
      expect(quantity, `${of} ${name}`).toBeGreaterThanOrEqual(less?.[index]?.quantity ?? NaN);
      expect(less?.[index]?.quantity).toBeGreaterThan(0);
    });
  });

  it("is in the bill, between a third of it and three times as much", () => {
    const resource = (type: string, name: string, inputs = {}): PricedResource => ({ urn: name, type, name, inputs });
    const cost = costOf(
      [
        resource("aws:kms/key:Key", "lake-key-lake"),
        resource("aws:cloudwatch/logGroup:LogGroup", "pipelines-pipeline-rows-logs", { retentionInDays: 400 }),
        resource("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoint-logs", {
          vpcEndpointType: "Interface",
          serviceName: "com.amazonaws.us-east-1.logs",
          subnetIds: ["subnet-1"],
        }),
      ],
      environment("1 TiB"),
    );
    const line = (text: string) => cost.items.find(({ description }) => description.includes(text));
    // 41,611.95 requests are 4.16 times ten thousand, at 0.03.
    expect(line("requests of the runs")).toMatchObject({ quantity: 4.16119, monthly: 0.12 });
    // 39.42 MB are 0.03671 GB at 0.50 to write, and 13.15 months of them at 0.03 to keep.
    expect(line("logs of pipeline-rows (estimate)")).toMatchObject({ quantity: 0.0367127, monthly: 0.02 });
    expect(line("kept for 400 days")?.quantity).toBeCloseTo((0.0367127 * 400) / DAYS, 5);
    // 91.25 steps of 20 kB.
    expect(line("data through the endpoint logs")?.quantity).toBeCloseTo(1_825_000 / 1024 ** 3, 6);
    expect(cost.unknown).toEqual([]);
    expect(cost.monthly.max).toBeGreaterThan(cost.monthly.expected);
    expect(cost.monthly.min).toBeLessThan(cost.monthly.expected);
  });
});
