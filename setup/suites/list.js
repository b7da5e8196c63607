"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} about what it shows
 * @property {string[]} argv
 * @property {string} cwd
 * @property {"exit code" | "vitest" | "pytest"} counts how its tests are counted; a checker is one test
 * @property {string} [report] the file that vitest or pytest writes its counts to
 * @property {string} [skippedWithout] what a machine may lack; without it all of the suite's tests are skipped
 */

/** @typedef {{ path?: string, name?: string }} Filter parts of a test file's path and of a test's name */

/** Tests of what makes the lake a house; every other test of the jobs is of how data comes in. */
const LAKE_HOUSE =
  /test_(airport_rank|chaos|erasure\w*|evolution|exports|gold|iterate|kmeans|locks|query|telemetry_of_runs|tpch|upkeep)\.py$/;

/**
 * All suites in the order in which they begin: two run at a time, each on a core of two, and whichever ends makes room for
 * the next. So the longest begin first, and what is short fills in.
 * @param {import("../layout").Layout} layout
 * @param {{ python: string }} environment
 * @param {Filter} filter with a filter the checkers are left out
 * @returns {Suite[]}
 */
function suitesOf(layout, environment, filter) {
  const checkers = filter.path || filter.name ? [] : checkersOf(layout, environment.python);
  const unit = vitestSuite("unit", "TypeScript, side by side", layout, filter);
  const engine = serialSuite("engine", "the stacks on Pulumi's engine", layout, filter);
  const spark = serialSuite("spark", "the main job on real Spark", layout, filter);
  const optional = engine.map((suite) => ({ ...suite, skippedWithout: "pulumi, or Go to build it with" }));
  const pytest = (...group) => pytestSuite(layout, environment.python, filter, ...group);
  const lake = pytest("lake house", "tables and their upkeep, on real Spark", (file) => LAKE_HOUSE.test(file));
  const ingest = pytest("ingest", "how data comes in, on real Spark", (file) => !LAKE_HOUSE.test(file));
  return [...lake, ...checkers, unit, ...ingest, ...optional, ...spark];
}

function checkersOf({ root, cache, bin }, python) {
  const jobs = path.join(root, "jobs");
  const checker = (name, about, cwd, argv) => ({ name, about, cwd, argv, counts: "exit code" });
  const module = (name, ...args) => [python, "-m", name, ...args];
  const ruffCache = ["--cache-dir", path.join(cache, "ruff")];
  return [
    checker("tsc", "types", root, [bin("tsc"), "--incremental", "--tsBuildInfoFile", path.join(cache, "tsc")]),
    checker("eslint", "TypeScript", root, [bin("eslint"), ".", "--max-warnings", "0"]),
    checker("prettier", "format", root, [
      bin("prettier"),
      "--check",
      "--log-level=warn",
      "--cache",
      "--cache-location",
      path.join(cache, "prettier"),
      ".",
    ]),
    checker("ruff", "Python", root, module("ruff", "check", "--output-format=concise", ...ruffCache, ".")),
    checker("ruff format", "format", root, module("ruff", "format", "--check", ...ruffCache, ".")),
    checker("mypy", "types", jobs, module("mypy", "--cache-dir", path.join(cache, "mypy"))),
  ];
}

/** A project of vitest whose files are named `*.<project>.test.ts`: left out when a path filter matches none of them. */
function serialSuite(name, about, layout, filter) {
  const tests = path.join(layout.root, "tests");
  const asked =
    !filter.path || filesIn(tests, new RegExp(`\\.${name}\\.test\\.ts$`), layout.root, filter.path).length > 0;
  return asked ? [vitestSuite(name, about, layout, filter)] : [];
}

function vitestSuite(name, about, { root, cache, bin }, filter) {
  const report = path.join(cache, `vitest-${name}.json`);
  const narrow = [...(filter.name ? ["-t", filter.name] : []), ...(filter.path ? [filter.path] : [])];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const argv = [bin("vitest"), "run", "--project", name, "--passWithNoTests", ...reporters, ...narrow];
  return { name, about, cwd: root, argv, counts: "vitest", report };
}

/** pytest takes whole paths only, so the files are chosen here; none chosen, none run. */
function pytestSuite({ root, cache }, python, filter, name, about, belongs) {
  const jobs = path.join(root, "jobs");
  const files = filesIn(jobs, /(^|\/)test_[^/]*\.py$/, root, filter.path ?? "").filter(belongs);
  if (files.length === 0) return [];
  const report = path.join(cache, `pytest-${name.replace(" ", "-")}.xml`);
  const options = ["--junitxml", report, "-o", `cache_dir=${path.join(cache, "pytest")}`];
  const narrow = filter.name ? ["-k", filter.name] : [];
  const argv = [python, "-m", "pytest", ...options, ...narrow, ...files];
  return [{ name, about, cwd: jobs, argv, counts: "pytest", report }];
}

/** The folder's files of a kind whose path in the repository contains `part`. */
function filesIn(folder, kind, root, part) {
  const files = fs.readdirSync(folder, { recursive: true }).map((file) => path.join(folder, String(file)));
  return files.filter((file) => kind.test(file) && path.relative(root, file).includes(part)).sort();
}

module.exports = { suitesOf };
