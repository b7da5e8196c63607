import Table from "cli-table3";
import pc from "picocolors";

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`, `left-${side}`, `right-${side}`])
    .concat("mid-mid", "middle")
    .map((place) => [place, ""]),
);

/** A table without lines, for a terminal; `right` is the column of figures. */
export function grid(head: readonly string[], rows: readonly (readonly string[])[], right?: number): string {
  const table = new Table({
    head: head.map((title) => pc.dim(title)),
    colAligns: head.map((_, index) => (index === right ? "right" : "left")),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, "");
}
