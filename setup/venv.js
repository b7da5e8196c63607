"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { digestOf } = require("./digest");
const { findPython, probe } = require("./python");
const { run } = require("./run");

/** @typedef {{ python: string, sitePackages: string, sparkHome: string }} Venv absolute paths */

/**
 * The Python environment. A virtual environment cannot be moved, so it is built in place, and it counts as built only
 * once its stamp is written, which is the last thing that happens.
 * @param {import("./layout").Layout} layout
 * @param {import("./progress").Progress} progress
 * @param {AbortSignal} signal
 * @returns {Promise<Venv>}
 */
async function ensureVenv(layout, progress, signal) {
  const python = path.join(layout.venv, "bin", "python");
  const stampFile = path.join(layout.venv, "basin-setup.json");
  const wanted = digestOf([fs.readFileSync(layout.locks.python, "utf8"), layout.root, process.platform, process.arch]);
  const stamp = readStamp(stampFile);
  const current = stamp?.wanted === wanted && fs.existsSync(python) && isAsked(stamp.base);
  if (!current) {
    const base = findPython();
    await progress.part("Python packages", `on Python ${base.version}`, async () => {
      fs.rmSync(layout.venv, { recursive: true, force: true });
      try {
        await build(base.path, python, layout, signal);
      } catch (error) {
        fs.rmSync(layout.venv, { recursive: true, force: true });
        throw error;
      }
    });
    fs.writeFileSync(stampFile, JSON.stringify({ wanted, base: base.path }));
  }
  const sitePackages = sitePackagesOf(layout.venv);
  return { python, sitePackages, sparkHome: path.join(sitePackages, "pyspark") };
}

function isAsked(base, asked = process.env.BASIN_PYTHON) {
  return !asked || probe(asked)?.path === base;
}

// The lock files are complete, so pip need not resolve anything (--no-deps), and PySpark, which comes as source only,
// is built by the locked setuptools and not by whatever is newest (--no-build-isolation).
async function build(base, python, layout, signal) {
  await run([base, "-m", "venv", layout.venv], { doing: "make the Python environment", signal });
  await installLocked(layout, python, layout.locks.build, signal);
  await installLocked(layout, python, layout.locks.python, signal);
}

/**
 * pip works in a folder of this clone: a small /tmp does not hold PySpark, and a pip that was stopped leaves its parts.
 * @param {import("./layout").Layout} layout @param {string} python @param {string} lock @param {AbortSignal} signal
 */
async function installLocked(layout, python, lock, signal) {
  const options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-build-isolation"];
  fs.mkdirSync(layout.scratch, { recursive: true });
  try {
    await run([python, "-m", "pip", "install", ...options, "--require-hashes", "-r", lock], {
      doing: "install the Python packages",
      env: { ...process.env, TMPDIR: layout.scratch },
      signal,
    });
  } finally {
    fs.rmSync(layout.scratch, { recursive: true, force: true });
  }
}

function readStamp(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function sitePackagesOf(venv) {
  const lib = path.join(venv, "lib");
  const version = fs.readdirSync(lib).find((name) => name.startsWith("python3."));
  return path.join(lib, version, "site-packages");
}

module.exports = { ensureVenv, installLocked };
