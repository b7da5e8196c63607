import { describe, expect, test } from "vitest";
import { sampleDataset } from "../../tests/local/sample-dataset";
import { NO_COUNTS, sampleReport } from "../../tests/local/sample-report";
import { checkColumns, reconcileGold, reconcileSilver } from "./reconcile";
import { findReport, type Report } from "./report";

function report(counts: Partial<Report["total"]>, rowsTable: number): Report {
  return sampleReport({ rowsTable, run: counts, total: { ...NO_COUNTS, ...counts } });
}

describe("reconciliation", () => {
  test("holds when accepted, rejected and set aside make up what came in", () => {
    const counts = { rowsIn: 10, rowsAccepted: 6, rowsRejected: 1, rowsSetAside: 3, rowsSuperseded: 2 };
    expect(reconcileSilver(10, report(counts, 4)).map(({ ok }) => ok)).toEqual([true, true]);
  });

  test("does not believe the job's own count of what came in", () => {
    const counts = { rowsIn: 9, rowsAccepted: 9 };
    const [rows] = reconcileSilver(10, report(counts, 9));
    expect(rows).toMatchObject({ ok: false, detail: expect.stringContaining("they differ by 1") as string });
  });

  test("does not hold when the table has other rows than were accepted", () => {
    const [, table] = reconcileSilver(5, report({ rowsAccepted: 5, rowsSuperseded: 1 }, 5));
    expect(table?.ok).toBe(false);
    expect(reconcileGold(report({ rowsAccepted: 5 }, 4)).ok).toBe(false);
  });
});

describe("the catalogue's columns", () => {
  const dataset = sampleDataset();
  const declared = [
    { name: "id", type: "bigint" },
    { name: "amount", type: "double" },
  ];

  test("are the declared ones, in order, with the declared types", () => {
    expect(checkColumns(dataset, declared).ok).toBe(true);
    expect(checkColumns(dataset, declared.toReversed()).detail).toContain(
      "column 1: declared id bigint, found amount double",
    );
    expect(checkColumns(dataset, declared.slice(0, 1)).detail).toContain(
      "column 2: declared amount double, found nothing",
    );
    expect(checkColumns(dataset, [...declared, { name: "x", type: "int" }]).detail).toContain(
      "declared nothing, found x int",
    );
    expect(checkColumns(dataset, undefined).ok).toBe(false);
  });
});

describe("a job's report", () => {
  test("is the last of its kind in the output", () => {
    const [first, last] = [report({}, 1), report({}, 2)].map((each) => `BASIN_REPORT ${JSON.stringify(each)}`);
    expect(findReport(["starting", first ?? "", last ?? "", "bye"])?.rowsTable).toBe(2);
    expect(findReport(["starting"])).toBeUndefined();
  });

  test("of another shape is an error, not a guess", () => {
    expect(() => findReport(['BASIN_REPORT {"version":2}'])).toThrow();
  });
});
