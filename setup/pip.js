"use strict";

const fs = require("node:fs");
const { run } = require("./run");

// The lock files are complete, so pip need not resolve anything (--no-deps), and PySpark, which comes as source only,
// is built by the locked setuptools and not by whatever is newest (--no-build-isolation).
const OPTIONS = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-build-isolation"];

/**
 * Installs what a lock file names. pip works in a folder of this clone: a small /tmp does not hold PySpark, and a pip
 * that was stopped leaves its parts behind.
 * @param {import("./layout").Layout} layout
 * @param {string} python
 * @param {string} lock
 * @param {AbortSignal} signal
 * @param {string[]} options further ones for pip
 */
async function installLocked(layout, python, lock, signal, options = []) {
  fs.mkdirSync(layout.scratch, { recursive: true });
  try {
    await run([python, "-m", "pip", "install", ...OPTIONS, ...options, "--require-hashes", "-r", lock], {
      doing: "install the Python packages",
      env: { ...process.env, TMPDIR: layout.scratch },
      signal,
    });
  } finally {
    fs.rmSync(layout.scratch, { recursive: true, force: true });
  }
}

module.exports = { installLocked };
