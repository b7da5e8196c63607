"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { digestOf } = require("./digest");
const { installLocked } = require("./pip");
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
  const { build, python: packages, ministack } = layout.locks;
  const locks = [build, packages, ministack].map((file) => fs.readFileSync(file, "utf8"));
  const wanted = digestOf([...locks, layout.root, process.platform, process.arch]);
  const stamp = readStamp(stampFile);
  const current = stamp?.wanted === wanted && fs.existsSync(python) && isAsked(stamp.base);
  if (!current) {
    const base = findPython();
    await progress.part("Python packages", `on Python ${base.version}`, async () => {
      fs.rmSync(layout.venv, { recursive: true, force: true });
      try {
        await make(base, python, layout, signal);
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

async function make(base, python, layout, signal) {
  const { build, python: packages, ministack } = layout.locks;
  await run([base.path, "-m", "venv", layout.venv], { doing: "make the Python environment", signal });
  await installLocked(layout, python, build, signal);
  await installLocked(layout, python, packages, signal);
  if (base.version.startsWith("3.9.")) {
    await installLocked(layout, python, ministack, signal, ["--ignore-requires-python"]);
    const script = path.join(layout.root, "setup", "postpone_annotations.py");
    const argv = [python, script, path.join(sitePackagesOf(layout.venv), "ministack")];
    await run(argv, { doing: "make MiniStack run on Python 3.9", signal });
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

module.exports = { ensureVenv };
