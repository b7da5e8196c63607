"use strict";

const fs = require("node:fs");

const PYTEST_FOUND_NONE = 5;
const NONE = { passed: 0, failed: 0, skipped: 0 };

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts a suite's tests from what it left behind. A suite that ended badly has at least one failure, whatever its
 * report says: it may have crashed after the last test, or before the first.
 * @param {import("./list").Suite} suite
 * @param {number} exitCode
 * @returns {Counts}
 */
function countsOf(suite, exitCode) {
  if (suite.counts === "pytest" && exitCode === PYTEST_FOUND_NONE) return NONE;
  const counts = READERS[suite.counts](suite, exitCode);
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

const READERS = {
  "exit code": (_suite, exitCode) => ({ passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }),
  vitest: ({ report }) => parse(report, vitestCounts),
  pytest: ({ report }) => parse(report, junitCounts),
};

function parse(report, counts) {
  const text = fs.existsSync(report) ? fs.readFileSync(report, "utf8") : undefined;
  return text ? counts(text) : NONE;
}

/** @param {string} json vitest's json report @returns {Counts} */
function vitestCounts(json) {
  const report = JSON.parse(json);
  // A file that cannot be loaded fails without a failing test in it.
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {string} xml pytest's JUnit report @returns {Counts} */
function junitCounts(xml) {
  const suite = /<testsuite [^>]*>/.exec(xml)?.[0] ?? "";
  const attribute = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = attribute("skipped");
  return { passed: Math.max(0, attribute("tests") - failed - skipped), failed, skipped };
}

module.exports = { countsOf, junitCounts, vitestCounts };
