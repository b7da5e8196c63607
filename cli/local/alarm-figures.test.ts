import { describe, expect, it } from "vitest";
import { exampleDataset } from "../../tests/environment";
import { alarmFigures } from "./alarm-figures";
import type { Report } from "./report";

const NONE = {
  rowsIn: 0,
  rowsAccepted: 0,
  rowsRejected: 0,
  rowsSuperseded: 0,
  rowsDeleted: 0,
  rowsSetAside: 0,
};

function report(run: Partial<Report["run"]>): Report {
  return {
    version: 1,
    dataset: "orders",
    zone: "silver",
    location: "s3://lake/silver/orders/",
    tableVersion: 1,
    files: 1,
    bytes: 1,
    rowsTable: 1,
    run: { ...NONE, batches: 1, filesSetAside: [], commitAgeSeconds: 0, ...run },
    total: NONE,
  };
}

describe("the figures that alarms would see", () => {
  const dataset = exampleDataset("orders", { freshness: "1 hour", maxRejected: 0.05 });
  const line = (run: Partial<Report["run"]>): string =>
    alarmFigures([{ dataset, report: report(run) }])
      .split("\n")
      .at(-1) ?? "";

  it("stand beside what was promised", () => {
    expect(line({ rowsIn: 1_000, rowsRejected: 12, commitAgeSeconds: 90.4 })).toMatch(
      /^orders +90 seconds +1 hour +1\.2 % +5 %$/,
    );
  });

  it("never round a reject away", () => {
    expect(line({ rowsIn: 10_000_000, rowsRejected: 1 })).toContain("0.00001 %");
  });

  it("say when nothing was new", () => {
    expect(line({ batches: 0 })).toContain("nothing new");
  });
});
