import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../run";
import { pricesCommand } from "./command";
import { QUERIES } from "./queries";
import type { PriceFile } from "./refresh";
import { startPricingApi, type PricingApi, type Sold } from "./testing/pricing-api";

const OWN = join(__dirname, "../../capacity/price-list.json");
const REGION = "eu-central-1";

const sold = (service: string, usagetype: string, ...tiers: [number, string][]): Sold => ({
  service,
  attributes: { regionCode: "us-east-1", usagetype },
  tiers,
});
const instance = (service: string, instanceType: string, price: string, own: Record<string, string>): Sold => ({
  service,
  attributes: { regionCode: "us-east-1", usagetype: `BoxUsage:${instanceType}`, instanceType, ...own },
  tiers: [[0, price]],
});
const LINUX = { operatingSystem: "Linux", tenancy: "Shared", preInstalledSw: "NA", capacitystatus: "Used" };

const STANDARD = sold("AmazonS3", "TimedStorage-ByteHrs", [0, "0.0240000000"], [51_200, "0.0220000000"]);
const SOME: readonly Sold[] = [
  STANDARD,
  sold("AmazonS3", "TimedStorage-SIA-ByteHrs", [0, "0.0125000000"]),
  sold("AmazonS3", "Requests-Tier1", [0, "0.0000050000"]),
  sold("awskms", "us-east-1-KMS-Requests", [0, "0.0000030000"]),
  instance("AmazonEC2", "m5.xlarge", "0.2000000000", LINUX),
  instance("ElasticMapReduce", "m5.xlarge", "0.0480000000", { softwareType: "EMR" }),
  // What a wrong filter would find as well.
  instance("AmazonEC2", "m5.xlarge", "0.3760000000", { ...LINUX, operatingSystem: "Windows" }),
];

let folder: string;
let file: string;
let api: PricingApi;
const out: string[] = [];
const complaints: string[] = [];

const prices = (): PriceFile => JSON.parse(readFileSync(file, "utf8")) as PriceFile;
const refresh = (...more: string[]): Promise<number> =>
  run(
    ["prices", "refresh", "--file", file, "--endpoint-url", api.url, ...more],
    [{ name: "prices", summary: "", load: pricesCommand }],
    (line) => complaints.push(line),
  );
const inRegion = (region: string, all: readonly Sold[] = SOME): Sold[] =>
  all.map((each) => ({ ...each, attributes: { ...each.attributes, regionCode: region } }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "basin-prices-"));
  file = join(folder, "prices.json");
  copyFileSync(OWN, file);
  out.length = 0;
  complaints.length = 0;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("basin prices refresh", () => {
  it("writes what AWS asks, in the file's own units, with month and source", async () => {
    api = await startPricingApi(SOME);
    const before = prices();
    expect(await refresh("--region", "us-east-1")).toBe(0);
    const { items, xlargeHour } = prices().regions["us-east-1"] ?? never();
    const month = new Date().toISOString().slice(0, 7);
    expect(items["s3-standard"]).toEqual({
      value: 0.024,
      unit: "GB-month",
      date: month,
      source: "AWS Price List API: AmazonS3 TimedStorage-ByteHrs (SKU1), version 20261120000000",
      tiers: [{ above: 51_200, value: 0.022 }],
    });
    // 0.000005 a request is 0.005 a thousand; 0.000003 is 0.03 for ten thousand.
    expect(items["s3-put"]?.value).toBe(0.005);
    expect(items["kms-requests"]?.value).toBe(0.03);
    // 0.048 ÷ 0.2
    expect(items["emr-uplift"]).toMatchObject({ value: 0.24, date: month });
    expect(items["emr-uplift"]).not.toHaveProperty("estimate");
    expect(xlargeHour["m5"]).toBe(0.2);
    // Without an answer a price keeps its value, its date and its source.
    expect(items["kinesis-shard"]).toEqual(before.regions["us-east-1"]?.items["kinesis-shard"]);
    expect(xlargeHour["r5"]).toBe(before.regions["us-east-1"]?.xlargeHour["r5"]);
    expect(prices().regions["us-east-1"]?.xlargeDate).toBe(before.regions["us-east-1"]?.xlargeDate);
    const said = out.join("");
    expect(said).toMatch(/s3-standard +0\.023 +0\.024/);
    expect(said).toContain(
      "kinesis-shard: stays 0.015: no product of AmazonKinesis with usage type Storage-ShardHour\n",
    );
    expect(said).toMatch(/us-east-1: 3 changed, 3 confirmed, \d+ without an answer; written to /);
  });

  it("reads a list of products to its last page, and once", async () => {
    api = await startPricingApi(SOME);
    await refresh("--region", "us-east-1");
    const s3 = api.requests.filter(({ ServiceCode }) => ServiceCode === "AmazonS3");
    expect(s3.map(({ NextToken }) => NextToken)).toEqual([undefined, "2"]);
    for (const { Filters } of s3)
      expect(Filters).toEqual([{ Type: "TERM_MATCH", Field: "regionCode", Value: "us-east-1" }]);
  });

  it("adds a region with what AWS says, and leaves out what it does not: a bill calls that unknown", async () => {
    api = await startPricingApi(
      inRegion(REGION, [STANDARD, sold("AmazonS3", "EUC1-Requests-Tier1", [0, "0.0000054000"])]),
    );
    const before = prices();
    expect(await refresh("--region", REGION)).toBe(0);
    const { regions } = prices();
    expect(regions["us-east-1"]).toEqual(before.regions["us-east-1"]);
    expect(Object.keys(regions[REGION]?.items ?? {})).toEqual(["s3-standard", "s3-put"]);
    expect(regions[REGION]?.items["s3-put"]).toMatchObject({ value: 0.0054, unit: "1,000 requests" });
    expect(regions[REGION]?.xlargeHour).toEqual({});
    expect(out.join("")).toContain("alarm: unknown: no product of AmazonCloudWatch");
  });

  it("does not choose between products of one usage type that differ", async () => {
    api = await startPricingApi([
      STANDARD,
      sold("AmazonS3", "USE1-TimedStorage-ByteHrs", [0, "0.03"]),
      ...SOME.slice(1),
    ]);
    expect(await refresh("--region", "us-east-1")).toBe(0);
    expect(prices().regions["us-east-1"]?.items["s3-standard"]?.value).toBe(0.023);
    expect(out.join("")).toMatch(/s3-standard: stays 0\.023: .* has several prices: 0\.024 .*, 0\.03 /);
  });

  it("writes nothing with --dry-run", async () => {
    api = await startPricingApi(SOME);
    const before = readFileSync(file, "utf8");
    expect(await refresh("--region", "us-east-1", "--dry-run")).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(out.join("")).toContain("; nothing written");
  });
});

describe("basin prices refresh, given what it cannot use, says so in one line, ends with 2 and leaves the file", () => {
  it.each([
    ["a region's name", SOME, ["--region", "Frankfurt"], /--region: is not a region; found "Frankfurt"/],
    ["a region without prices", SOME, ["--region", "eu-south-9"], /--region: has not one price in .*"eu-south-9"/],
  ])("%s", async (_, all, argv, message) => {
    api = await startPricingApi(all);
    const before = readFileSync(file, "utf8");
    expect(await refresh(...argv)).toBe(2);
    expect(complaints.join("\n")).toMatch(message);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("credentials that may not ask", async () => {
    api = await startPricingApi(SOME, "is not authorized to perform: pricing:GetProducts");
    const before = readFileSync(file, "utf8");
    expect(await refresh("--region", "us-east-1")).toBe(2);
    expect(complaints.join("\n")).toMatch(
      /AWS pricing API \(.*\): cannot be asked for prices; found "is not authorized.*allowed: credentials with/,
    );
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("a file that holds no prices", async () => {
    api = await startPricingApi(SOME);
    writeFileSync(file, "[]");
    expect(await refresh("--region", "us-east-1")).toBe(2);
    expect(complaints.join("\n")).toContain("is not a file of prices");
    expect(readFileSync(file, "utf8")).toBe("[]");
  });
});

it("AWS's name of every price in the file is known", async () => {
  api = await startPricingApi([]);
  const items = Object.keys(prices().regions["us-east-1"]?.items ?? {});
  expect([...Object.keys(QUERIES), "emr-uplift"].sort()).toEqual(items.sort());
});

function never(): never {
  throw new Error("the region is not in the file");
}
