import { describe, expect, it } from "vitest";
import type { DatasetContract, PlatformContract } from "../../contract/schema";
import { CONTRACT, FLIGHTS, READER, withFlights } from "../../contract/testing/example-contract";
import type { Breaking, DatasetPromise } from "../../declarations/breaking";
import { requireUnbroken } from "./acceptance";
import { contractChanges } from "./compatibility";

const TODAY = "2026-12-01";
const retyped = withFlights({ columns: { ...FLIGHTS.columns, id: { type: "string", required: true } } });

/** The verdict of `contract check` when the platform goes from the example to `after`. */
function verdict(after: PlatformContract, breaking: Partial<Breaking> = {}, before = CONTRACT): string {
  const declared = { accept: [], promises: [], since: "2026-11-01", ...breaking };
  try {
    requireUnbroken("prod", contractChanges(before, after), [{ name: "flights", breaking: declared }], TODAY);
    return "holds";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a break of the contract", () => {
  it("is refused with the consumers that it hits and what would accept it", () => {
    expect(verdict(retyped)).toBe(
      "stack prod breaks its contract; consumers hit: planning\n" +
        "  datasets.flights.columns.id was int and is string; allowed: as it was, " +
        "or flights's breaking: { accept: [id], since: <date> }",
    );
  });

  it("is accepted by its dataset for the columns that it names and no other", () => {
    expect(verdict(retyped, { accept: ["id"] })).toBe("holds");
    expect(verdict(retyped, { accept: ["price"] })).toContain("columns.id");
  });

  it("is accepted on its day and not before", () => {
    expect(verdict(retyped, { accept: ["id"], since: TODAY })).toBe("holds");
    expect(verdict(retyped, { accept: ["id"], since: "2026-12-02" })).toContain("or from 2026-12-02 on");
  });

  it.each<[DatasetPromise, Partial<DatasetContract>]>([
    ["location", { location: "s3://lake/silver/flights2/" }],
    ["freshness", { freshnessSeconds: 7_200 }],
    ["key", { key: [] }],
    ["readers", { readers: {} }],
    ["readers", { readers: { planning: { ...READER, role: "reporting" } } }],
    ["stream", { stream: undefined }],
  ])("of the %s is accepted by the dataset that names it", (promise, written) => {
    expect(verdict(withFlights(written), { promises: [promise] })).toBe("holds");
    const others = (["location", "freshness", "key", "readers", "stream"] as const).filter((each) => each !== promise);
    expect(verdict(withFlights(written), { promises: others, accept: ["id"] })).toContain(
      `breaking: { promises: [${promise}], since: <date> }`,
    );
  });

  it("by another dataset's file is none that this one accepts", () => {
    const declared = { name: "weather", breaking: { accept: ["id"], promises: [], since: "2026-11-01" } };
    expect(() => requireUnbroken("prod", contractChanges(CONTRACT, retyped), [declared], TODAY)).toThrow("columns.id");
  });

  it("of the whole platform no dataset accepts", () => {
    const all: Partial<Breaking> = { accept: ["id"], promises: ["location", "freshness", "key", "readers", "stream"] };
    expect(verdict({ ...CONTRACT, region: "eu-west-1" }, all)).toContain("for no dataset can accept it");
  });
});

describe("a dataset that is gone", () => {
  const without = { ...CONTRACT, datasets: {} };

  it("is a break while it was not retired", () => {
    expect(verdict(without)).toContain("or deployed once with basin:retired: { flights: <date> }");
  });

  it("is one until the day on which it is retired, and from then on none", () => {
    expect(verdict(without, {}, withFlights({ retired: "2026-12-02" }))).toContain("or from 2026-12-02 on");
    expect(verdict(without, {}, withFlights({ retired: TODAY }))).toBe("holds");
  });

  it("breaks nothing when it is only retired", () => {
    expect(verdict(withFlights({ retired: TODAY }))).toBe("holds");
  });
});
