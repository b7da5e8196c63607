"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { digestOf } = require("./digest");
const { isPresent, readJarList } = require("./jar-list");

/**
 * What the rest of Basin is told about this machine, in .basin/environment.json.
 * @typedef {object} Environment
 * @property {1} version
 * @property {string} python the environment's interpreter
 * @property {string} venv
 * @property {import("./java").Java} java
 * @property {string} sparkHome
 * @property {string[]} jars absolute paths
 * @property {string} pythonDeps folder of the Python sources that jobs ship
 * @property {string} fingerprint of everything it was made from
 */

/** @param {import("./layout").Layout} layout */
function fingerprintOf(layout) {
  const locks = Object.values(layout.locks).map((file) => fs.readFileSync(file, "utf8"));
  return digestOf([...locks, layout.root, process.platform, process.arch, process.env.BASIN_PYTHON ?? ""]);
}

/**
 * The environment as it was last written, if everything it names is still there. Starts no process.
 * @param {import("./layout").Layout} layout
 * @returns {Environment | undefined}
 */
function currentEnvironment(layout) {
  const written = readEnvironment(layout.environment);
  if (written?.version !== 1 || written.fingerprint !== fingerprintOf(layout)) return undefined;
  const named = [written.python, written.sparkHome, written.pythonDeps, path.join(written.java.home, "bin", "java")];
  const jars = readJarList(layout.locks.jars);
  const whole = named.every((file) => fs.existsSync(file)) && jars.every((jar) => isPresent(layout.jars, jar));
  return whole ? written : undefined;
}

/** @param {import("./layout").Layout} layout @param {Omit<Environment, "version" | "fingerprint">} parts */
function writeEnvironment(layout, parts) {
  const environment = { version: 1, ...parts, fingerprint: fingerprintOf(layout) };
  const partial = `${layout.environment}.partial`;
  fs.writeFileSync(partial, `${JSON.stringify(environment, null, 2)}\n`);
  fs.renameSync(partial, layout.environment);
  return environment;
}

function readEnvironment(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

module.exports = { currentEnvironment, fingerprintOf, writeEnvironment };
