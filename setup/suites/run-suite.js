"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const readline = require("node:readline");
const { countsOf } = require("./counts");

/** @typedef {import("./list").Suite & import("./counts").Counts & { seconds: number }} Result */

/**
 * Runs one suite and passes on what it writes, line by line and under its name, since two run at once.
 * @param {import("./list").Suite} suite
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} print
 * @returns {Promise<Result>}
 */
async function runSuite(suite, env, print) {
  const started = Date.now();
  if (suite.report) fs.rmSync(suite.report, { force: true });
  const [command, ...args] = suite.argv;
  const child = spawn(command, args, { cwd: suite.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    readline.createInterface({ input: stream }).on("line", (line) => print(`${suite.name.padEnd(11)} │ ${line}`));
  }
  const exitCode = await new Promise((resolve) => {
    child.on("error", (error) => {
      print(`${suite.name.padEnd(11)} │ ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { ...suite, ...countsOf(suite, exitCode), seconds: (Date.now() - started) / 1000 };
}

module.exports = { runSuite };
