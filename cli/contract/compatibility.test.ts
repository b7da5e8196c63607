import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetContract, PlatformContract } from "../../contract/schema";
import { CONTRACT, FLIGHTS, READER, withFlights } from "../../contract/testing/example-contract";
import { renderChanges } from "./command";
import { contractChanges } from "./compatibility";
import { programsThatBreak, VALUES } from "./testing/consumer-programs";

const column = (type: string, required = true): Partial<DatasetContract> => ({
  columns: { ...FLIGHTS.columns, id: { type, required } },
});
const told = (after: PlatformContract, before = CONTRACT): string[] =>
  contractChanges(before, after).map(({ kind, where, message }) => `${kind} ${where} ${message}`);

describe("a change of a contract", () => {
  it("is none where nothing changed", () => {
    expect(contractChanges(CONTRACT, structuredClone(CONTRACT))).toEqual([]);
  });

  it.each<[string, PlatformContract, string]>([
    ["a dataset gone", { ...CONTRACT, datasets: {} }, "breaking datasets.flights is gone"],
    [
      "a column gone",
      withFlights({ columns: { price: { type: "decimal(10,2)", required: false } } }),
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
      "breaking datasets.flights.readers.planning.externalId was basin-prod-reader-planning and is two",
    ],
    [
      "a stream gone",
      withFlights({ stream: undefined }),
      "breaking datasets.flights.stream is gone: its producers have nowhere to write",
    ],
    [
      "a subnet gone",
      { ...CONTRACT, network: { ...CONTRACT.network, subnetIds: ["subnet-2"] } },
      "breaking network.subnetIds subnet-1 is gone",
    ],
    ["another account", { ...CONTRACT, accountId: "2" }, "breaking accountId was 111122223333 and is 2"],
    ["another key", withFlights({ key: [] }), "breaking datasets.flights.key was id and is none"],
    [
      "a grant to one role instead of the account",
      withFlights({ readers: { planning: { ...READER, role: "reporting" } } }),
      "breaking datasets.flights.readers.planning.role was any of its account and is reporting",
    ],
  ])("breaks by %s", (_, after, expected) => {
    expect(told(after)).toEqual([expected]);
  });

  it.each<[string, PlatformContract, string]>([
    ["a dataset", { ...CONTRACT, datasets: { flights: FLIGHTS, more: FLIGHTS } }, "additive datasets.more is new"],
    [
      "a column",
      withFlights({ columns: { ...FLIGHTS.columns, at: { type: "date", required: false } } }),
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

  it("announces a dataset that is retired, and breaks nothing by it", () => {
    const changes = contractChanges(CONTRACT, withFlights({ retired: "2026-12-01" }));
    expect(changes).toEqual([
      {
        kind: "announced",
        where: "datasets.flights.retired",
        message: "gets no new rows since 2026-12-01",
        consumers: ["planning"],
      },
    ]);
  });

  it("names the consumers that a break hits", () => {
    const changes = contractChanges(CONTRACT, withFlights(column("string")));
    expect(changes).toMatchObject([{ consumers: ["planning"] }]);
    expect(renderChanges(changes)).toContain("hits planning");
  });

  it("names everybody where the whole platform moved", () => {
    expect(contractChanges(CONTRACT, { ...CONTRACT, region: "eu-west-1" })).toMatchObject([
      { where: "region", consumers: ["planning"] },
    ]);
  });
});

describe("any two contracts", () => {
  const columnContract = fc.record({ type: fc.constantFrom(...Object.keys(VALUES)), required: fc.boolean() });
  const columns = fc.dictionary(fc.constantFrom("a", "b", "c"), columnContract, { minKeys: 1 });
  const reader = fc.record({
    account: fc.constant(READER.account),
    role: fc.constantFrom(undefined, "reporting", "planning"),
    roleArn: fc.constantFrom(READER.roleArn, "arn:aws:iam::111122223333:role/other"),
    externalId: fc.constantFrom("one", "two"),
    workGroup: fc.constant(READER.workGroup),
    versionsBus: fc.constant(READER.versionsBus),
  });
  const stream = fc.constantFrom(undefined, FLIGHTS.stream, { ...sound(FLIGHTS.stream), arn: "arn:aws:kinesis:other" });
  const fields = {
    columns,
    stream,
    key: fc.constantFrom<string[]>([], ["a"], ["a", "b"]),
    location: fc.constantFrom(FLIGHTS.location, "s3://lake/silver/moved/"),
    table: fc.constantFrom("flights", "flights_2"),
    freshnessSeconds: fc.constantFrom(60, 3_600),
    readers: fc.dictionary(fc.constantFrom("planning", "pricing"), reader),
  };
  const dataset: fc.Arbitrary<DatasetContract> = fc.record({ ...constants(FLIGHTS), ...fields });
  const contract: fc.Arbitrary<PlatformContract> = fc.record({
    ...constants(CONTRACT),
    topics: fc.constantFrom(CONTRACT.topics, { alerts: "arn:aws:sns:other" }),
    network: fc.record({
      vpcId: fc.constant("vpc-1"),
      subnetIds: fc.subarray(["subnet-1", "subnet-2"]),
      cidr: fc.constantFrom("10.40.0.0/16", "10.60.0.0/16"),
    }),
    datasets: fc.dictionary(fc.constantFrom("flights", "weather"), dataset),
  });
  /** One thing that is another one: of many differences one hides what the others do. */
  const edit: fc.Arbitrary<(dataset: DatasetContract) => DatasetContract> = fc.oneof(
    columnContract.map((a) => (old: DatasetContract) => ({ ...old, columns: { ...old.columns, a } })),
    reader.map((planning) => (old: DatasetContract) => ({ ...old, readers: { ...old.readers, planning } })),
    ...Object.entries(fields).map(([key, values]) =>
      (values as fc.Arbitrary<unknown>).map((value) => (old: DatasetContract) => ({ ...old, [key]: value })),
    ),
  );
  const pair = fc.oneof(fc.tuple(contract, contract), fc.tuple(contract, edit).map(edited));

  it.each(Object.keys(VALUES))("in which a %s has another type differ in what its values can be", (before) => {
    for (const after of Object.keys(VALUES)) {
      const [old, now] = [withFlights(column(before)), withFlights(column(after))];
      const breaks = contractChanges(old, now).some(({ kind }) => kind === "breaking");
      expect({ after, breaks }).toEqual({ after, breaks: programsThatBreak(old, now).length > 0 });
    }
  });

  it("differ additively exactly when every old consumer program still works", () => {
    let additive = 0;
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const broken = contractChanges(before, after).filter(({ kind }) => kind === "breaking");
        const stopped = programsThatBreak(before, after);
        expect({ broken: broken.length > 0, stopped }).toEqual({
          broken: stopped.length > 0,
          stopped,
        });
        if (broken.length === 0) additive += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(additive).toBeGreaterThan(100);
  });
});

/** A contract, and the same with a change in each of its datasets. */
function edited([before, edit]: [PlatformContract, (dataset: DatasetContract) => DatasetContract]): [
  PlatformContract,
  PlatformContract,
] {
  const datasets = Object.entries(before.datasets).map(([name, dataset]) => [name, edit(dataset)] as const);
  return [before, { ...before, datasets: Object.fromEntries(datasets) }];
}

function constants<T extends object>(value: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  const entries = Object.entries(value).map(([key, each]) => [key, fc.constant(each)]);
  return Object.fromEntries(entries) as { [K in keyof T]: fc.Arbitrary<T[K]> };
}

function sound<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the example has none");
  return value;
}
