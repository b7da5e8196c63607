"use strict";

/** @typedef {import("./run-suite").Result} Result */

/**
 * A suite that ran nothing proves nothing, so it counts as a failure, unless a filter asked for other tests, or it says
 * that it skipped them for what the machine lacks. What a filter leaves out is not told as skipped.
 * @param {Result[]} results @param {boolean} filtered
 * @returns {Result[]}
 */
function judged(results, filtered) {
  const ran = ({ passed, failed }) => passed + failed > 0;
  if (filtered) return results.filter(ran).map((result) => ({ ...result, skipped: 0 }));
  return results.map((result) => {
    if (ran(result)) return result;
    const { skippedWithout, skipped } = result;
    if (skippedWithout && skipped > 0) return { ...result, about: `skipped: there is no ${skippedWithout}` };
    return { ...result, about: "ran no test", failed: 1 };
  });
}

/** @param {Result[]} results @returns {string[]} a line a suite, in the order in which they ended */
function tableOf(results) {
  const rows = [
    ["suite", "passed", "failed", "skipped", "seconds", ""],
    ...results.map(({ name, passed, failed, skipped, seconds, about }) => {
      return [name, String(passed), String(failed), String(skipped), seconds.toFixed(1), about];
    }),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isNumber = (column) => column > 0 && column < 5;
  return rows.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

/** @param {Result[]} results @returns {string} "12 passed, 0 failed", and ", 3 skipped" if any were */
function totalOf(results) {
  const sum = (count) => results.reduce((total, result) => total + result[count], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

module.exports = { judged, tableOf, totalOf };
