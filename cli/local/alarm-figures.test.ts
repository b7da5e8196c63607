import { describe, expect, it } from "vitest";
import { exampleDataset } from "../../tests/environment";
import { sampleReport } from "../../tests/local/sample-report";
import { alarmFigures } from "./alarm-figures";
import type { Report } from "./report";

const report = (run: Partial<Report["run"]>): Report => sampleReport({ run });

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
