import Table from "cli-table3";
import type { SqlResult } from "./run-query";

const NUMERIC = /^(tinyint|smallint|int|bigint|float|double|decimal)/;

/** A query's rows for a person to read; numbers stand to the right. */
export function resultTable({ columns, rows }: SqlResult): string {
  const table = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ type }) => (NUMERIC.test(type) ? "right" : "left")),
    style: { head: [], border: [] },
  });
  rows.forEach((row) => table.push(row.map(display)));
  return `${table.toString()}\n${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}

function display(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? value : JSON.stringify(value);
}
