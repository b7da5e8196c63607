import type { Dataset } from "../../declarations/dataset";
import { hiveType, parseSparkType } from "../../declarations/spark-types";
import type { Report } from "./report";

/** One statement that a run has checked. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * Whether every row that came in is accounted for.
 *
 * @param rowsIn counted at the source, not by the job
 */
export function reconcileSilver(rowsIn: number, { dataset, total, rowsTable }: Report): Check[] {
  const { rowsAccepted, rowsRejected, rowsSetAside, rowsSuperseded, rowsDeleted } = total;
  const accounted = rowsAccepted + rowsRejected + rowsSetAside;
  const remaining = rowsAccepted - rowsSuperseded - rowsDeleted;
  return [
    {
      name: `${dataset}: every row that came in is accounted for`,
      ok: rowsIn === accounted,
      detail: `${rowsIn} in = ${rowsAccepted} accepted + ${rowsRejected} rejected + ${rowsSetAside} set aside${differing(rowsIn, accounted)}`,
    },
    {
      name: `${dataset}: the table holds what was accepted`,
      ok: rowsTable === remaining,
      detail: `${rowsTable} in the table = ${rowsAccepted} accepted − ${rowsSuperseded} superseded − ${rowsDeleted} deleted${differing(rowsTable, remaining)}`,
    },
  ];
}

/** A derived table holds what its query gave, less what its checks refused. */
export function reconcileGold({ dataset, total, rowsTable }: Report): Check {
  return {
    name: `${dataset}: the table holds what was accepted`,
    ok: rowsTable === total.rowsAccepted,
    detail: `${rowsTable} in the table = ${total.rowsAccepted} accepted${differing(rowsTable, total.rowsAccepted)}`,
  };
}

function differing(left: number, right: number): string {
  return left === right ? "" : ` (they differ by ${Math.abs(left - right)})`;
}

/** Whether the catalogue's table has the declared columns, in order, with the declared types. */
export function checkColumns(
  dataset: Dataset,
  catalogue: readonly { name: string; type: string }[] | undefined,
): Check {
  const name = `${dataset.name}: the Glue table has the declared columns`;
  if (!catalogue) return { name, ok: false, detail: "there is no such table in the catalogue" };
  const declared = dataset.columns.map((column) => {
    const type = parseSparkType(column.type);
    return `${column.name} ${type ? hiveType(type) : column.type}`;
  });
  const found = catalogue.map((column) => `${column.name} ${column.type}`);
  const first = declared.findIndex((column, index) => column !== found[index]);
  if (first < 0 && found.length === declared.length) return { name, ok: true, detail: `${declared.length} columns` };
  const at = first < 0 ? declared.length : first;
  return {
    name,
    ok: false,
    detail: `column ${at + 1}: declared ${declared[at] ?? "nothing"}, found ${found[at] ?? "nothing"}`,
  };
}
