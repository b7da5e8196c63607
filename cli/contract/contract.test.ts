import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../declarations/faults";
import type { PlatformOutput } from "../../stacks/outputs";
import { renderChanges, renderContract, requireUnbroken } from "./command";
import { contractChanges } from "./compatibility";
import { contractOf, readContract } from "./contract";

type DatasetContract = PlatformOutput["datasets"][string];

const READER = { roleArn: "arn:aws:iam::111122223333:role/reader", externalId: "one", workGroup: "planning" };
const FLIGHTS: DatasetContract = {
  owner: "air-traffic",
  description: "Flights.",
  zone: "silver",
  location: "s3://lake/silver/flights/",
  database: "basin_prod_silver",
  table: "flights",
  columns: [
    { name: "id", type: "int", required: true },
    { name: "price", type: "decimal(10,2)", required: false },
  ],
  freshnessSeconds: 3_600,
  readers: { planning: READER },
  stream: { name: "flights", arn: "arn:aws:kinesis:stream", producerPolicyArn: "arn:aws:iam:policy" },
};
const CONTRACT: PlatformOutput = {
  version: 1,
  prefix: "basin",
  stack: "prod",
  environment: "prod",
  accountId: "111122223333",
  region: "us-east-1",
  lakeKeyArn: "arn:aws:kms:key",
  lakeBucket: "lake",
  workGroup: "platform",
  alertsTopicArn: "arn:aws:sns:topic",
  network: { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] },
  datasets: { flights: FLIGHTS },
};
const withFlights = (written: Partial<DatasetContract>): PlatformOutput => ({
  ...CONTRACT,
  datasets: { flights: { ...FLIGHTS, ...written } },
});
const column = (type: string, required = true): Partial<DatasetContract> => ({
  columns: [{ name: "id", type, required }, ...FLIGHTS.columns.slice(1)],
});
const told = (after: PlatformOutput, before = CONTRACT): string[] =>
  contractChanges(before, after).map(({ kind, where, message }) => `${kind} ${where} ${message}`);

describe("a change of a contract", () => {
  it("is none where nothing changed", () => {
    expect(contractChanges(CONTRACT, structuredClone(CONTRACT))).toEqual([]);
  });

  it.each<[string, PlatformOutput, string]>([
    ["a dataset gone", { ...CONTRACT, datasets: {} }, "breaking datasets.flights is gone"],
    [
      "a column gone",
      withFlights({ columns: FLIGHTS.columns.slice(1) }),
      "breaking datasets.flights.columns.id is gone",
    ],
    [
      "a narrower type",
      withFlights(column("smallint")),
      "breaking datasets.flights.columns.id was int and is smallint",
    ],
    ["another type", withFlights(column("string")), "breaking datasets.flights.columns.id was int and is string"],
    ["nulls", withFlights(column("int", false)), "breaking datasets.flights.columns.id was never null and may be now"],
    [
      "another place",
      withFlights({ location: "s3://lake/silver/flights2/" }),
      "breaking datasets.flights.location was s3://lake/silver/flights/ and is s3://lake/silver/flights2/",
    ],
    [
      "older rows",
      withFlights({ freshnessSeconds: 7_200 }),
      "breaking datasets.flights.freshnessSeconds was 1 hour and is 2 hours",
    ],
    [
      "a lost grant",
      withFlights({ readers: {} }),
      "breaking datasets.flights.readers.planning may not read it any more",
    ],
    [
      "another external id",
      withFlights({ readers: { planning: { ...READER, externalId: "two" } } }),
      "breaking datasets.flights.readers.planning.externalId was one and is two",
    ],
    [
      "a stream gone",
      withFlights({ stream: undefined }),
      "breaking datasets.flights.stream is gone: its producers have nowhere to write",
    ],
    [
      "a subnet gone",
      { ...CONTRACT, network: { vpcId: "vpc-1", subnetIds: ["subnet-2"] } },
      "breaking network.subnetIds subnet-1 is gone",
    ],
    ["another account", { ...CONTRACT, accountId: "2" }, "breaking accountId was 111122223333 and is 2"],
  ])("breaks by %s", (_, after, expected) => {
    expect(told(after)).toEqual([expected]);
  });

  it.each<[string, PlatformOutput, string]>([
    ["a dataset", { ...CONTRACT, datasets: { flights: FLIGHTS, more: FLIGHTS } }, "additive datasets.more is new"],
    [
      "a column",
      withFlights({ columns: [...FLIGHTS.columns, { name: "at", type: "date", required: false }] }),
      "additive datasets.flights.columns.at is new",
    ],
    ["a wider type", withFlights(column("bigint")), "additive datasets.flights.columns.id was int and is bigint"],
    [
      "fresher rows",
      withFlights({ freshnessSeconds: 60 }),
      "additive datasets.flights.freshnessSeconds was 1 hour and is 1 minute",
    ],
    [
      "a reader",
      withFlights({ readers: { planning: READER, other: READER } }),
      "additive datasets.flights.readers.other may read it",
    ],
  ])("adds %s", (_, after, expected) => {
    expect(told(after)).toEqual([expected]);
  });

  it("names the consumers that a break hits", () => {
    const changes = contractChanges(CONTRACT, withFlights(column("string")));
    expect(changes).toMatchObject([{ consumers: ["planning"] }]);
    expect(renderChanges(changes)).toContain("hits planning");
    expect(() => requireUnbroken("prod", changes, [])).toThrow(
      "stack prod breaks its contract: datasets.flights.columns.id; consumers hit: planning",
    );
  });

  it("may be accepted by the dataset, for the columns that it names and no other", () => {
    const changes = contractChanges(CONTRACT, withFlights(column("string")));
    const accepting = (name: string) => [{ name: "flights", breaking: { accept: [name], since: "2026-11-01" } }];
    expect(() => requireUnbroken("prod", changes, accepting("id"))).not.toThrow();
    expect(() => requireUnbroken("prod", changes, accepting("price"))).toThrow("columns.id");
  });
});

/** An old program: what it reads of its contract, and whether it still finds it. */
function works(before: PlatformOutput, after: PlatformOutput): boolean {
  return Object.entries(before.datasets).every(([name, old]) => {
    const now = after.datasets[name];
    if (!now || now.location !== old.location || now.freshnessSeconds > old.freshnessSeconds) return false;
    const granted = Object.entries(old.readers).every(([who, { roleArn }]) => now.readers[who]?.roleArn === roleArn);
    const read = old.columns.every(({ name: column, type, required }) => {
      const found = now.columns.find((each) => each.name === column);
      return (
        found && VALUES[type]?.every((value) => VALUES[found.type]?.includes(value)) && (!required || found.required)
      );
    });
    return granted && read;
  });
}

/** Values that tell the types apart: a wider type holds those of a narrower one. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  smallint: ["1"],
  int: ["1", "100000"],
  bigint: ["1", "100000", "10000000000"],
  string: ["a"],
  "decimal(10,2)": ["0.01"],
  "decimal(12,2)": ["0.01", "1234567890.01"],
  "decimal(12,4)": ["0.01", "0.0001"],
};

describe("any two contracts", () => {
  const columns = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c"),
      type: fc.constantFrom(...Object.keys(VALUES)),
      required: fc.boolean(),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );
  const dataset = fc.record({
    columns,
    freshnessSeconds: fc.constantFrom(60, 3_600),
    location: fc.constantFrom(FLIGHTS.location, "s3://lake/silver/moved/"),
    readers: fc.constantFrom<DatasetContract["readers"]>({}, { planning: READER }),
  });
  const contract = fc.dictionary(fc.constantFrom("flights", "weather"), dataset).map((datasets): PlatformOutput => {
    const entries = Object.entries(datasets).map(([name, written]) => [name, { ...FLIGHTS, ...written }]);
    return { ...CONTRACT, datasets: Object.fromEntries(entries) as PlatformOutput["datasets"] };
  });

  it("differ additively exactly when every old program still works", () => {
    fc.assert(
      fc.property(contract, contract, (before, after) => {
        const breaks = contractChanges(before, after).some(({ kind }) => kind === "breaking");
        expect(breaks).toBe(!works(before, after));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the contract of prod", () => {
  it("is what the stack exports, and the same as itself", async () => {
    const contract = await contractOf({ stack: "prod" });
    expect(Object.keys(contract.datasets)).toContain("flights");
    expect(contractChanges(contract, await contractOf({ stack: "prod" }))).toEqual([]);
    expect(renderContract(contract)).toContain("basin_prod_silver.flights");
  });
});

describe("a contract's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-contract-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "contract.json");

  it("is read back as it was written", () => {
    writeFileSync(file, JSON.stringify(CONTRACT));
    expect(readContract(file)).toEqual(CONTRACT);
  });

  it.each([
    ["damaged", '{"version":', "is not JSON"],
    [
      "of another version",
      '{"version":2}',
      "version: is not a contract that this version of Basin knows; found 2; allowed: 1",
    ],
    ["something else", "[]", "version: is not a contract that this version of Basin knows"],
    ["incomplete", '{"version":1}', "datasets: is required"],
  ])("is refused when it is %s", (_, text, expected) => {
    writeFileSync(file, text);
    expect(() => readContract(file)).toThrow(InputError);
    expect(() => readContract(file)).toThrow(expected);
  });

  it("is refused when it is not there", () => {
    expect(() => readContract(join(folder, "none.json"))).toThrow("cannot be read");
  });
});
