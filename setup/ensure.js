"use strict";

require("./node-version").requireNode();

const fs = require("node:fs");
const { currentEnvironment, writeEnvironment } = require("./environment");
const { exclusively } = require("./exclusive");
const { ensureJars } = require("./jars");
const { ensureJava } = require("./java");
const { layout: ownLayout } = require("./layout");
const { ensureNodeModules, nodeModulesAreCurrent } = require("./node-modules");
const { Progress } = require("./progress");
const { copyPythonDeps } = require("./python-deps");
const { Interrupted, SetupError } = require("./setup-error");
const { requireSpace } = require("./space");
const { ensureVenv } = require("./venv");

const DEVICE_ERRORS = {
  ENOSPC: "no space left on the device: ",
  EDQUOT: "the disk quota is used up: ",
  EACCES: "set-up may not write here: ",
  EROFS: "set-up cannot write here: ",
};
const SIGNALS = ["SIGINT", "SIGTERM"];

/**
 * Does the set-up that is missing. Costs a few milliseconds when none is.
 * @param {"node" | "all"} scope `node`: the node modules only; `all`: also Python, Java and the jars
 * @throws {SetupError}
 */
async function ensure(scope, layout = ownLayout) {
  const missing = () => ({
    node: !nodeModulesAreCurrent(layout.root),
    spark: scope === "all" && currentEnvironment(layout) === undefined,
  });
  const { node, spark } = missing();
  if (!node && !spark) return;

  const progress = new Progress();
  const say = (message) => progress.line(message);
  await exclusively(layout.lock, say, () => install(missing(), layout, progress)); // asked again: another may have done it
}

/**
 * Installs side by side. If one part fails, or the user interrupts, the others are stopped before this returns.
 * @param {{ node: boolean, spark: boolean }} missing
 */
async function install(missing, layout, progress) {
  requireSpace(layout.root, { ...missing, spark: missing.spark && !fs.existsSync(layout.environment) });
  const abort = new AbortController();
  const interrupted = (signal) => abort.abort(new Interrupted(signal));
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    const parts = [missing.node && ensureNodeModules, missing.spark && ensureSpark].filter(Boolean);
    const stopOthers = (error) => abort.abort(error);
    await Promise.all(parts.map((part) => part(layout, progress, abort.signal).catch(stopOthers)));
    if (abort.signal.aborted) throw abort.signal.reason;
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, interrupted);
  }
}

async function ensureSpark(layout, progress, signal) {
  const venv = await ensureVenv(layout, progress, signal);
  const java = await ensureJava(layout, venv, progress, signal);
  const { sparkHome, python } = venv;
  const jars = await ensureJars(layout, java, sparkHome, progress, signal);
  const { pythonDeps } = layout;
  copyPythonDeps(venv.sitePackages, pythonDeps);
  writeEnvironment(layout, { python, venv: layout.venv, java, sparkHome, jars, pythonDeps });
}

/**
 * Runs set-up on behalf of a command and turns what is wrong with the machine into one message and exit code 2.
 * @param {"node" | "all"} scope
 */
async function ensureOrExit(scope) {
  try {
    await ensure(scope);
  } catch (error) {
    if (error instanceof Interrupted) process.exit(error.exitCode);
    if (!(error instanceof SetupError || error.code in DEVICE_ERRORS)) throw error;
    process.stderr.write(`basin: ${DEVICE_ERRORS[error.code] ?? ""}${error.message}\n`);
    process.exit(2);
  }
}

module.exports = { ensure, ensureOrExit };

if (require.main === module) void ensureOrExit(process.argv[2] === "node" ? "node" : "all");
