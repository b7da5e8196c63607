import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layoutOf } from "../layout.js";
import { countsOf, junitCounts, vitestCounts } from "./counts.js";
import { suitesOf } from "./list.js";
import { judged, tableOf, totalOf } from "./summary.js";

const result = (name, passed, failed = 0, skipped = 0) => ({ name, about: "", passed, failed, skipped, seconds: 1.25 });

describe("counting", () => {
  it("takes a checker as one test", () => {
    expect(countsOf({ counts: "exit code" }, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countsOf({ counts: "exit code" }, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it("takes a suite that crashed without a report as failed", () => {
    expect(countsOf({ counts: "vitest", report: "/nowhere.json" }, 1)).toMatchObject({ failed: 1 });
  });

  it("reads vitest's report, where a file that cannot be loaded is a failure", () => {
    const testResults = [
      { status: "passed", assertionResults: [{}, {}] },
      { status: "failed", assertionResults: [{}] },
      { status: "failed", assertionResults: [] },
    ];
    const counts = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 3, numTodoTests: 1 };
    expect(vitestCounts(JSON.stringify({ ...counts, testResults }))).toEqual({ passed: 2, failed: 2, skipped: 4 });
  });

  it("reads pytest's report, where an error in a fixture is a failure", () => {
    const xml =
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"/></testsuites>';
    expect(junitCounts(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });
});

describe("the result", () => {
  it("is a table and a last line with the sums", () => {
    const results = [result("unit", 12), result("pytest", 3, 1)];
    expect(tableOf(results)).toEqual([
      "suite   passed  failed  skipped  seconds",
      "unit        12       0        0      1.3",
      "pytest       3       1        0      1.3",
    ]);
    expect(totalOf(results)).toBe("15 passed, 1 failed");
    expect(totalOf([result("unit", 12, 0, 2)])).toBe("12 passed, 0 failed, 2 skipped");
  });

  it("is a failure when a suite ran no test", () => {
    expect(judged([result("unit", 0, 0, 4)], false)).toMatchObject([{ failed: 1, about: "ran no test" }]);
  });

  it("says what is missing when a suite skipped all of its tests for it", () => {
    const skipped = { ...result("engine", 0, 0, 30), skippedWithout: "pulumi" };
    expect(judged([skipped], false)).toMatchObject([
      { passed: 0, failed: 0, skipped: 30, about: "skipped: there is no pulumi" },
    ]);
    expect(judged([{ ...skipped, skipped: 0 }], false)).toMatchObject([{ failed: 1 }]);
  });

  it("leaves out what a filter did not ask for", () => {
    expect(judged([result("unit", 2, 0, 90), result("spark", 0)], true)).toMatchObject([{ name: "unit", skipped: 0 }]);
  });
});

describe("the suites", () => {
  let layout;

  beforeEach(() => {
    layout = layoutOf(fs.mkdtempSync(path.join(os.tmpdir(), "basin-suites-")));
    for (const file of [
      "jobs/tests/test_silver.py",
      "jobs/tests/test_erasure_of_databases.py",
      "tests/local/main-job.spark.test.ts",
      "tests/dev.engine.test.ts",
    ]) {
      fs.mkdirSync(path.dirname(path.join(layout.root, file)), { recursive: true });
      fs.writeFileSync(path.join(layout.root, file), "");
    }
  });

  afterEach(() => fs.rmSync(layout.root, { recursive: true }));

  const suites = (filter) => suitesOf(layout, { python: "python" }, filter);
  const names = (filter) => suites(filter).map(({ name }) => name);

  it("begin with the longest, and what is short fills in beside them", () => {
    const checkers = ["tsc", "eslint", "prettier", "ruff", "ruff format", "mypy"];
    expect(names({})).toEqual(["lake house", ...checkers, "unit", "ingest", "engine", "spark"]);
  });

  it("have each test of the jobs in one of two", () => {
    const files = (name) =>
      suites({})
        .find((suite) => suite.name === name)
        .argv.filter((word) => word.endsWith(".py"));
    expect(files("lake house").map((file) => path.basename(file))).toEqual(["test_erasure_of_databases.py"]);
    expect(files("ingest").map((file) => path.basename(file))).toEqual(["test_silver.py"]);
  });

  it("are those that a path filter can match", () => {
    expect(names({ path: "test_silver" })).toEqual(["unit", "ingest"]);
    expect(names({ path: "dev.engine" })).toEqual(["unit", "engine"]);
    expect(names({ path: "main-job" })).toEqual(["unit", "spark"]);
  });
});
