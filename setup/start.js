"use strict";

const path = require("node:path");
const { bundleOf } = require("./bundle");
const { ensureOrExit } = require("./ensure");
const { layout } = require("./layout");

/** The commands that start Spark or the local AWS; the others need the node modules only. */
const RUNS_SPARK = new Set(["local", "sql"]);

/** @param {string[]} argv @returns {"node" | "all"} what must be set up before the command can run */
function scopeOf(argv) {
  const asksForHelp = argv.includes("--help") || argv.includes("-h");
  return RUNS_SPARK.has(argv[0]) && !asksForHelp ? "all" : "node";
}

async function start() {
  const root = path.dirname(__dirname);
  await ensureOrExit(scopeOf(process.argv.slice(2)));
  process.env.TSX_TSCONFIG_PATH ??= path.join(root, "tsconfig.json"); // not that of the folder it is called from
  // Whoever looks for a fault wants to see the sources' own lines.
  const startBundle = process.env.BASIN_DEBUG ? undefined : await bundleOf(process.argv[2], layout);
  if (startBundle) return startBundle();
  require("tsx/cjs");
  require("../cli/main");
}

module.exports = { scopeOf };

if (require.main === module) void start();
