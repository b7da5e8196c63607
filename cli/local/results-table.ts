import Table from "cli-table3";
import { formatBytes } from "../../declarations/units";
import type { DatasetResult } from "./local-json";
import type { Check } from "./reconcile";

const PLAIN = { head: [], border: [] };

/** The datasets' counts for a person to read. */
export function resultsTable(results: readonly DatasetResult[], notes: ReadonlyMap<string, string>): string {
  const table = new Table({
    head: [
      "table",
      "rows in",
      "accepted",
      "rejected",
      "superseded",
      "set aside",
      "in table",
      "version",
      "size",
      "seconds",
      "",
    ],
    colAligns: ["left", ...Array<"right">(9).fill("right"), "left"],
    style: PLAIN,
  });
  for (const each of results) {
    const counts = [
      each.rowsIn,
      each.rowsAccepted,
      each.rowsRejected,
      each.rowsSuperseded,
      each.rowsSetAside,
      each.rowsTable,
    ];
    const size = `${formatBytes(each.bytes)} in ${each.files}`;
    table.push([
      `${each.zone}.${each.name}`,
      ...counts.map((count) => count.toLocaleString("en")),
      each.tableVersion,
      size,
      each.seconds.toFixed(1),
      notes.get(each.name) ?? "",
    ]);
  }
  return table.toString();
}

/** What does not hold, or that everything does. */
export function checksSummary(checks: readonly Check[]): string {
  const broken = checks.filter((check) => !check.ok);
  if (broken.length === 0) return `${checks.length} checks hold`;
  return broken.map((check) => `DOES NOT HOLD  ${check.name}: ${check.detail}`).join("\n");
}
