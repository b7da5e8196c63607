"use strict";

const { spawnSync } = require("node:child_process");
const { SetupError } = require("./setup-error");

// PySpark 3.5 is made for Python up to 3.11; the jobs are written for 3.9, which is what EMR runs.
const OLDEST = 9;
const NEWEST = 11;
const NEEDED = "Python 3.9, 3.10 or 3.11";
const NAMES = ["python3.11", "python3.10", "python3", "python3.9", "python"];
const PROBE = [
  "import sys, platform",
  "print(platform.python_version())",
  "print(sys.executable)",
  "import venv, ensurepip",
  "print('complete')",
].join("\n");

/**
 * @typedef {object} Python
 * @property {string} name as it was called: "python3.11"
 * @property {string} version "3.11.7"
 * @property {string} path the interpreter's own path, behind links and shims
 * @property {boolean} complete whether it can make a virtual environment (Debian ships that apart)
 */

/**
 * Asks one interpreter who it is.
 * @param {string} name a command on the PATH or a path
 * @returns {Python | undefined} nothing when there is none, or it does not run
 */
function probe(name, env = process.env) {
  const answer = spawnSync(name, ["-c", PROBE], { env, encoding: "utf8", timeout: 30_000 });
  const [version, path, complete] = (answer.stdout ?? "").split("\n");
  if (!version || !path) return undefined;
  return { name, version, path, complete: complete === "complete" };
}

/** @param {string} version */
function isFit(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor >= OLDEST && minor <= NEWEST;
}

/**
 * The interpreter to build the environment on: the one in BASIN_PYTHON, else the newest fit one on the PATH.
 * @returns {Python}
 * @throws {SetupError} naming what was found and what is needed
 */
function findPython(env = process.env) {
  const chosen = env.BASIN_PYTHON;
  const found = (chosen ? [chosen] : NAMES).map((name) => probe(name, env)).filter((python) => python !== undefined);
  const fit = found.filter((python) => isFit(python.version));
  const usable = fit.filter((python) => python.complete).sort((a, b) => minorOf(b) - minorOf(a));
  if (usable[0]) return usable[0];
  if (fit[0]) {
    throw new SetupError(
      `${describe(fit[0])} cannot make virtual environments: its venv or ensurepip module is missing. ` +
        `Install them (on Debian and Ubuntu: python3.${minorOf(fit[0])}-venv), or name another interpreter in BASIN_PYTHON.`,
    );
  }
  const list = [...new Set(found.map(describe))].join(", ") || "none";
  if (chosen) throw new SetupError(`${NEEDED} is needed; BASIN_PYTHON is "${chosen}", which is ${list}.`);
  throw new SetupError(`${NEEDED} is needed; found ${list}. Install one, or name an interpreter in BASIN_PYTHON.`);
}

function minorOf(python) {
  return Number(python.version.split(".")[1]);
}

function describe(python) {
  return `Python ${python.version} (${python.path})`;
}

module.exports = { findPython, probe, isFit };
