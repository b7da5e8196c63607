import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { compareWithBaseline, type Baseline } from "./baseline";
import { requireKept } from "./guard";
import type { Json, PlannedResource } from "./shape";
import { resource, samplePlan } from "./testing/sample-plan";

const TABLE = "aws:glue/catalogTable:CatalogTable";

function table(columns: Readonly<Record<string, string>>): PlannedResource {
  const list: Json = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return resource("catalog-table-places", TABLE, { name: "places", storageDescriptor: { columns: list } });
}

const guarded = (made: PlannedResource): PlannedResource => ({ ...made, options: { ...made.options, protect: true } });

/** What the guard says of the way from one plan to another; empty when it has nothing to say. */
function verdict(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  {
    breaking,
    settings = {},
  }: { breaking?: { accept: string[]; since: string }; settings?: Record<string, unknown> } = {},
): string[] {
  const baseline = JSON.parse(JSON.stringify(samplePlan({ resources: [...before] }))) as Baseline;
  const plan = samplePlan({ resources: [...after] });
  const environment = exampleEnvironment("prod", { datasets: [exampleDataset("places", { breaking })], settings });
  try {
    requireKept(plan, compareWithBaseline(plan, baseline), baseline, environment, "2026-12-01");
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe("a table's columns", () => {
  const before = table({ id: "bigint", price: "double" });

  it("may become more", () =>
    expect(verdict([before], [table({ id: "bigint", price: "double", at: "date" })])).toEqual([]));

  it("may not become fewer or others, each told", () => {
    expect(verdict([before], [table({ id: "string" })])).toEqual([
      expect.stringContaining("datasets/places.yaml: column id was bigint and is string"),
      expect.stringContaining("datasets/places.yaml: column price is gone"),
    ]);
  });

  it("may where the dataset says so, and only those columns that it names", () => {
    const breaking = { accept: ["price"], since: "2026-12-01" };
    expect(verdict([before], [table({ id: "string" })], { breaking })).toEqual([expect.stringContaining("column id")]);
    expect(verdict([before], [table({ id: "bigint" })], { breaking })).toEqual([]);
  });

  it("may not before the day from which the dataset accepts it", () => {
    const breaking = { accept: ["price"], since: "2026-12-02" };
    expect(verdict([before], [table({ id: "bigint" })], { breaking })).toEqual([
      expect.stringMatching(/column price is gone.*accepts it from 2026-12-02 on/),
    ]);
  });
});

describe("a protected resource", () => {
  const bucket = (name: string) => guarded(resource("lake-raw", "aws:s3/bucket:Bucket", { bucket: name }));

  it("is not replaced unless the settings agree", () => {
    expect(verdict([bucket("old")], [bucket("new")])).toEqual([
      expect.stringMatching(/^lake-raw is protected and would be replaced: bucket cannot be changed in place/),
    ]);
    const acknowledge = [{ replace: "lake-raw", until: "2100-01-01" }];
    expect(verdict([bucket("old")], [bucket("new")], { settings: { acknowledge } })).toEqual([]);
  });

  it("is not deleted at all: its dataset leaves in steps", () => {
    expect(verdict([bucket("old")], [])).toEqual([expect.stringMatching(/would be deleted.*both keys/)]);
    expect(verdict([resource("lake-raw", "aws:s3/bucket:Bucket")], [])).toEqual([]);
  });
});
