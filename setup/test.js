"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { ensureOrExit } = require("./ensure");
const { currentEnvironment } = require("./environment");
const { layout } = require("./layout");
const { suitesOf } = require("./suites/list");
const { runSuite } = require("./suites/run-suite");
const { judged, tableOf, totalOf } = require("./suites/summary");

/** Suites that run side by side: each keeps about one core busy, and a laptop or a runner has at least two. */
const AT_ONCE = 2;

const USAGE = `npm test -- [--long] [PATH] [-t NAME]

  PATH      only test files with this in their path, and no checkers
  -t NAME   only tests with this in their name, and no checkers
  --long    the larger counts (also: npm run test:long)
`;

async function main() {
  const { filter, long } = readArguments();
  await ensureOrExit("all");
  const environment = currentEnvironment(layout);
  fs.mkdirSync(layout.cache, { recursive: true });
  const env = environmentOf(environment, long);
  finish(await runAll(suitesOf(layout, environment, filter), env), filter);
}

function finish(results, filter) {
  const filtered = Boolean(filter.path ?? filter.name);
  const counted = judged(results, filtered);
  print(["", ...tableOf(counted), ""].join("\n"));
  if (counted.length === 0) print("No test matches.");
  print(totalOf(counted));
  if (counted.length === 0 || counted.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

function readArguments() {
  try {
    const options = {
      long: { type: "boolean" },
      name: { type: "string", short: "t" },
      help: { type: "boolean", short: "h" },
    };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new Error(`one PATH is allowed; found ${positionals.join(" ")}`);
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return { filter: { path: positionals[0], name: values.name }, long: values.long === true };
  } catch (error) {
    process.stderr.write(`basin: ${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

/** In the order in which they end. */
async function runAll(suites, env) {
  const waiting = [...suites];
  const results = [];
  const work = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) results.push(await runSuite(suite, env, print));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** The tests run on the Java and the Python that set-up chose, whatever else is on the PATH. */
function environmentOf({ java, venv }, long) {
  const folders = [path.join(venv, "bin"), path.join(java.home, "bin"), process.env.PATH];
  return {
    ...process.env,
    JAVA_HOME: java.home,
    PATH: folders.join(path.delimiter),
    ...(long && { BASIN_LONG: "1" }),
    ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

void main();
