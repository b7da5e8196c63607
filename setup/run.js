"use strict";

const { spawn } = require("node:child_process");
const { SetupError } = require("./setup-error");

const KEPT_LINES = 12;
const NO_SPACE = /no space left on device|ENOSPC|Errno 28/i;

/**
 * Runs a command to its end and keeps the last lines it wrote, which are shown only if it fails.
 * @param {string[]} argv
 * @param {{ doing: string, cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal }} options
 *   `doing` completes "could not …" in the error message
 * @returns {Promise<string>} what it wrote to stdout
 */
function run(argv, { doing, cwd, env, signal }) {
  const [command, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, signal, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let tail = [];
    let noSpace = false;
    const keep = (chunk) => {
      noSpace ||= NO_SPACE.test(chunk);
      tail = [...tail, ...String(chunk).split("\n").filter(Boolean)].slice(-KEPT_LINES);
    };
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      keep(chunk);
    });
    child.stderr.on("data", keep);
    let stopped;
    child.on("error", (error) => {
      if (error.name === "AbortError") stopped = error;
      else reject(new SetupError(`could not ${doing}: ${error.message}`));
    });
    // A stopped command may still write: it is over when it has closed, and what it left can be removed only then.
    child.on("close", (code, killedBy) => {
      if (stopped) reject(stopped);
      else if (code === 0) resolve(stdout);
      else if (noSpace) reject(new SetupError(`could not ${doing}: no space left on the device.`));
      else
        reject(
          new SetupError(`could not ${doing} (it ended with ${code ?? killedBy}). Its last words:\n${indent(tail)}`),
        );
    });
  });
}

function indent(lines) {
  return lines.map((line) => `  ${line}`).join("\n");
}

module.exports = { run };
