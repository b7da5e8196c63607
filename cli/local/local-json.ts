import type { Check } from "./reconcile";
import type { Counts, Report } from "./report";

/** One dataset's line in local.json. Counts of silver are totals over everything that came in since the table is new. */
export interface DatasetResult extends Counts {
  readonly name: string;
  readonly zone: "silver" | "gold";
  readonly location: string;
  readonly rowsTable: number;
  readonly tableVersion: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** local.json: a contract; what is not additive raises `version`. */
export interface LocalResult {
  readonly version: 1;
  readonly ok: boolean;
  readonly datasets: readonly DatasetResult[];
  readonly checks: readonly Check[];
}

/** @param rowsIn counted at the source for silver; for gold, what its query gave */
export function datasetResult(report: Report, rowsIn: number, seconds: number): DatasetResult {
  const { dataset, zone, location, rowsTable, tableVersion, files, bytes, total } = report;
  return {
    name: dataset,
    zone,
    location,
    rowsIn,
    rowsAccepted: total.rowsAccepted,
    rowsRejected: total.rowsRejected,
    rowsSuperseded: total.rowsSuperseded,
    rowsDeleted: total.rowsDeleted,
    rowsSetAside: total.rowsSetAside,
    rowsTable,
    tableVersion,
    files,
    bytes,
    seconds: Math.round(seconds * 10) / 10,
  };
}
