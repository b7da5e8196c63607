import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import type { PricedResource } from "./bill/line";
import { costOf, type Cost } from "./cost";
import { sizePlatform } from "./index";
import { runsAMonth } from "./runs-a-month";

const GB = 1024 ** 3;
const DAYS = 730 / 24;

function environment(datasets: readonly Dataset[], settings = {}) {
  const without = exampleEnvironment("prod", { datasets, settings });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

function resource(type: string, inputs: Record<string, unknown> = {}, name = "a"): PricedResource {
  return { urn: `urn:pulumi:prod::basin::${type}::${name}`, type, name, inputs };
}

const events = exampleStream("events", {
  volume: { stored: "0 B", daily: "86.4 GB", record: "1 kB", peak: 2_000 },
  freshness: "2 hours",
});
const tags = { "basin:dataset": "events" };
const line = (cost: Cost, description: string) => cost.items.find((item) => item.description.includes(description));

describe("the bill", () => {
  it("has a line for what stands, with its price, date and source", () => {
    const cost = costOf([resource("aws:kms/key:Key")], environment([events]));
    expect(cost).toMatchObject({ currency: "USD", monthly: { min: 1, expected: 1, max: 1 } });
    expect(cost.unknown).toEqual(["KMS: requests for the keys of streams, logs, secrets and alerts, which are few"]);
    expect(cost.items).toMatchObject([
      { service: "KMS", quantity: 1, unit: "key-month", price: { value: 1, date: "2024-07" }, monthly: 1 },
    ]);
  });

  it("counts an interface endpoint in each of its zones, and a gateway not at all", () => {
    const endpoint = (vpcEndpointType: string) =>
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", {
        vpcEndpointType,
        serviceName: "com.amazonaws.us-east-1.sts",
        subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
      });
    const cost = costOf([endpoint("Interface"), endpoint("Gateway")], environment([events]));
    // 3 zones × 730 h × 0.01
    expect(cost.monthly.expected).toBe(21.9);
    expect(cost.unknown).toEqual(["data through the interface endpoints that only manage"]);
  });

  it("lists what it cannot know, and never counts it as nothing", () => {
    const all = [
      resource("aws:athena/workgroup:Workgroup"),
      resource("aws:new/thing:Thing"),
      resource("aws:iam/role:Role"),
    ];
    const cost = costOf(all, environment([events]));
    expect(cost.items).toEqual([]);
    expect(cost.unknown).toEqual([
      "Athena: what people's queries scan",
      "aws:new/thing:Thing: Basin has no price for it",
    ]);
  });

  it("is unknown as a whole in a region without prices", () => {
    const abroad = environment([events]);
    const settings = { ...abroad.settings, region: "eu-west-9" };
    const cost = costOf([resource("aws:kms/key:Key")], { ...abroad, settings });
    expect(cost.unknown).toEqual(["everything: capacity/price-list.json has no prices of eu-west-9"]);
  });
});

describe("the bill of a stream", () => {
  const one = environment([events], { streams: { mode: "provisioned", retention: "24 hours", headroom: 0 } });

  it("counts shards by the hour and records by the unit", () => {
    const cost = costOf([resource("aws:kinesis/stream:Stream", { tags })], one);
    // 2 shards × 730 h × 0.015 = 21.90; 1,000 records/s × 2,628,000 s = 2,628 million × 0.014 = 36.79.
    expect(cost.items.map(({ monthly }) => monthly)).toEqual([21.9, 36.79]);
    expect(cost.items.every(({ dataset }) => dataset === "events")).toBe(true);
  });

  it("counts each archived record as 5 KB, unless producers aggregate", () => {
    const cost = costOf([resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", { tags })], one);
    const archive = line(cost, "each record as whole 5 KB");
    // 2,628 million records × 5,120 B ÷ 2³⁰ = 12,531.28 GB × 0.029 = 363.41.
    expect(archive?.quantity).toBeCloseTo(12_531.3, 1);
    expect(archive?.monthly).toBeCloseTo(363.41, 1);
    expect(cost.monthly.min).toBeLessThan(cost.monthly.expected / 3);
  });
});

describe("the bill of storage", () => {
  it("follows an object through the classes of the bucket's own rules", () => {
    const one = environment([events]);
    const bucket = one.names.bucket("raw");
    const rules = [
      {
        filter: { prefix: "events/" },
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 90, storageClass: "GLACIER_IR" },
        ],
      },
    ];
    const cost = costOf(
      [
        resource("aws:s3/bucket:Bucket", { bucket }),
        resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", { bucket, rules }),
      ],
      one,
    );
    const daily = 86.4e9 / GB;
    expect(line(cost, "days 0 to 30 (STANDARD)")?.monthly).toBeCloseTo(daily * 30 * 0.023, 1);
    expect(line(cost, "days 30 to 90 (STANDARD_IA)")?.monthly).toBeCloseTo(daily * 60 * 0.0125, 1);
    expect(line(cost, "days 90 to 400 (GLACIER_IR)")?.monthly).toBeCloseTo(daily * 310 * 0.004, 1);
  });

  it("counts what a derived dataset's runs read, and what all runs write", () => {
    const rows = exampleDataset("rows", { volume: { stored: "0 B", daily: "1 TiB", record: "1 kB" } });
    const source = { kind: "derived", from: ["rows"], refresh: "incremental" };
    const sums = exampleDataset("sums", { source, volume: { stored: "0 B", daily: "1 GiB", record: "1 kB" } });
    const one = environment([rows, sums]);
    const cost = costOf([resource("aws:s3/bucket:Bucket", { bucket: one.names.bucket("lake") })], one);
    // 0.35 of 1 TiB a day are 45,875.2 reads of 8 MiB and 5,734.4 parts of 64 MiB; × 30.4167 days ÷ 1,000.
    expect(line(cost, "gold/sums: its inputs, read")?.quantity).toBeCloseTo(45.8752 * DAYS, 0);
    expect(line(cost, "silver/rows: its files, written")?.quantity).toBeCloseTo(5.7344 * DAYS, 1);
    expect(line(cost, "silver/rows: its inputs, read")).toBeUndefined();
  });

  it("does not guess how large a derived table is", () => {
    const sums = exampleDataset("sums", { source: { kind: "derived", from: ["events"] }, volume: undefined });
    const one = environment([events, sums]);
    const cost = costOf([resource("aws:s3/bucket:Bucket", { bucket: one.names.bucket("lake") })], one);
    expect(line(cost, "gold/sums with its history")).toBeUndefined();
    expect(cost.unknown).toEqual(["storage of gold/sums: declare its `volume` to have it priced"]);
  });

  it("pays the tiers of the month's total, not of each line", () => {
    const twins = ["one", "two"].map((name) =>
      exampleDataset(name, {
        volume: { stored: "0 B", daily: "1 TiB", record: "1 kB" },
        retention: { raw: "50 days" },
      }),
    );
    const pair = environment(twins);
    const cost = costOf([resource("aws:s3/bucket:Bucket", { bucket: pair.names.bucket("raw") })], pair);
    const lines = cost.items.filter(({ unit }) => unit === "GB-month");
    // 2 × 50 × 1,024 GB: 51,200 at 0.023 and 51,200 at 0.022.
    expect(lines.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(51_200 * 0.045, 1);
  });
});

describe("the bill of a second copy", () => {
  const settings = { replica: { region: "eu-west-1" } };
  const config = (bucket: string): PricedResource =>
    resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", { bucket }, bucket);

  it("counts what goes to the other region, and a request for each object", () => {
    const one = environment([events], settings);
    const cost = costOf([config(one.names.bucket("raw")), config(one.names.bucket("lake"))], one);
    // 86.4e9 B a day ÷ 2³⁰ × 30.4167 = 2,447.52 GB × 0.02 = 48.95.
    expect(line(cost, "transfer of raw of events")).toMatchObject({ quantity: 2_447.52, monthly: 48.95 });
    // 15 % of it in columns, appended: 367.13 GB × 0.02 = 7.34.
    expect(line(cost, "transfer of silver/events")).toMatchObject({ quantity: 367.127, monthly: 7.34 });
    // Files of 256 MiB: 12.96e9 B a day are 48.28, in a month 1,468.5, at 0.005 a thousand.
    expect(line(cost, "objects written of silver/events")?.quantity).toBeCloseTo(1.4685, 3);
    expect(cost.items.every(({ dataset }) => dataset === "events")).toBe(true);
    expect(cost.unknown).toEqual([]);
  });

  it("counts a merge's rewrites, which are copied as well", () => {
    const keyed = environment([exampleDataset("rows", { key: ["id"] })], settings);
    const plain = environment([exampleDataset("rows")], settings);
    const transfer = (one: typeof keyed): number =>
      line(costOf([config(one.names.bucket("lake"))], one), "transfer of silver/rows")?.quantity ?? NaN;
    expect(transfer(keyed)).toBeCloseTo(2 * transfer(plain), 6);
  });

  it("is unknown of a derived table whose size nobody said, and never nothing", () => {
    const sums = exampleDataset("sums", { source: { kind: "derived", from: ["events"] }, volume: undefined });
    const one = environment([events, sums], settings);
    expect(costOf([config(one.names.bucket("lake"))], one).unknown).toEqual([
      "replication of gold/sums: declare its `volume`",
    ]);
  });
});

describe("the bill by dataset", () => {
  it("is the whole bill, the dearest first, with what serves all apart", () => {
    const two = environment([events, exampleDataset("places")]);
    const all = [
      resource("aws:kinesis/stream:Stream", { tags }),
      resource("aws:s3/bucket:Bucket", { bucket: two.names.bucket("raw") }),
      resource("aws:kms/key:Key"),
    ];
    const { byDataset, monthly } = costOf(all, two);
    expect(byDataset.map(({ dataset }) => dataset)).toEqual(["events", null, "places"]);
    for (const part of ["min", "expected", "max"] as const) {
      expect(byDataset.reduce((sum, share) => sum + share[part], 0)).toBeCloseTo(monthly[part], 1);
    }
  });
});

describe("the bill of clusters", () => {
  const machine = resource("aws:sfn/stateMachine:StateMachine", {}, "pipelines-pipeline-rows");
  const rows = (daily: string, written = {}) =>
    exampleDataset("rows", { volume: { stored: "1 TB", daily, record: "1 kB" }, ...written });

  it("counts nodes for as long as the runs of a month take", () => {
    const one = environment([rows("86.4 kB")]);
    const cost = costOf([machine], one);
    // Three runs a day of 660 s (600 s start, 60 s the step's) on 2 × c5.xlarge at 0.17 and one m5.xlarge at 0.192.
    const hours = (DAYS * 3 * 660) / 3_600;
    expect(line(cost, "core nodes on demand")?.monthly).toBeCloseTo(hours * 2 * 0.17, 2);
    expect(line(cost, "primary node")?.monthly).toBeCloseTo(hours * 0.192, 2);
    expect(line(cost, "EMR's share")?.monthly).toBeCloseTo(hours * 3 * 0.17 * 0.25, 2);
    expect(line(cost, "Spot")).toBeUndefined();
  });

  it("prices Spot with the discount that the settings say, and its worst month without", () => {
    const large = environment([rows("50 TB")], { spark: { spotDiscount: 0.5 } });
    const cost = costOf([machine], large);
    // Four sizes of c7i, four of c6i and three of c5.
    const mean = (4 * 0.1785 + 4 * 0.17 + 3 * 0.17) / 11;
    expect(line(cost, "on Spot")?.price.value).toBeCloseTo(mean * 0.5, 6);
    expect(cost.monthly.max).toBeGreaterThan(cost.monthly.expected * 1.5);
  });

  it("does not count a run twice where a slower one takes its place", () => {
    // So little, and on nodes of the same kind, that one start for both costs less than two.
    const volume = { stored: "1 MB", daily: "1 MB", record: "1 kB" };
    const flows = exampleStream("rows", { freshness: "1 hour", volume });
    const sums = exampleDataset("sums", {
      source: { kind: "derived", from: ["rows"] },
      volume: undefined,
      freshness: "3 hours",
      work: "scan",
    });
    const [cluster] = environment([flows, sums]).capacity.clusters;
    // Every 30 min is 48 a day, of which every 2 h takes 12.
    expect(cluster?.cadences.map((cadence) => runsAMonth(cluster, cadence) / DAYS)).toEqual([36, 12]);
  });

  it("divides a run among its datasets by their work", () => {
    const sums = exampleDataset("sums", { source: { kind: "derived", from: ["rows"] }, volume: undefined });
    const cost = costOf([machine], environment([rows("1 TB"), sums]));
    const byDataset = new Set(cost.items.map(({ dataset }) => dataset));
    expect(byDataset).toEqual(new Set(["rows", "sums"]));
  });
});

describe("more data", () => {
  it("never costs less", () => {
    let before = 0;
    for (const power of [6, 8, 10, 12, 14]) {
      const datasets = [
        exampleStream("events", { volume: { stored: "0 B", daily: `${10 ** power} B`, record: "1 kB" } }),
      ];
      const one = environment(datasets);
      const resources = [
        resource("aws:kinesis/stream:Stream", { tags }),
        resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", { tags }),
        resource("aws:s3/bucket:Bucket", { bucket: one.names.bucket("raw") }),
        resource("aws:s3/bucket:Bucket", { bucket: one.names.bucket("lake") }, "b"),
        resource("aws:sfn/stateMachine:StateMachine", {}, "pipelines-pipeline-events"),
      ];
      const { monthly } = costOf(resources, one);
      expect(monthly.expected).toBeGreaterThan(before);
      expect(monthly.min).toBeLessThanOrEqual(monthly.expected);
      expect(monthly.max).toBeGreaterThanOrEqual(monthly.expected);
      before = monthly.expected;
    }
  });
});
