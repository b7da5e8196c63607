"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Jar
 * @property {string} sha256
 * @property {number} bytes
 * @property {string} group
 * @property {string} artifact
 * @property {string} version
 * @property {string} file its name in .basin/jars
 */

const LINE = /^(?<sha256>[0-9a-f]{64}) (?<bytes>\d+) (?<group>[\w.-]+):(?<artifact>[\w.-]+):(?<version>[\w.-]+)$/;

/**
 * @param {string} text the contents of jars.lock: a jar a line, `#` starts a comment line
 * @returns {Jar[]}
 */
function parseJarList(text) {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, number }) => {
      const fields = LINE.exec(line)?.groups;
      if (!fields)
        throw new Error(`jars.lock:${number}: "${line}" is not "<sha256> <bytes> <group>:<artifact>:<version>"`);
      const { sha256, group, artifact, version } = fields;
      return { sha256, bytes: Number(fields.bytes), group, artifact, version, file: `${artifact}-${version}.jar` };
    });
}

/** @param {string} file */
function readJarList(file) {
  return parseJarList(fs.readFileSync(file, "utf8"));
}

/**
 * Whether the jar stands in the folder. It got there only after its digest was compared, so its size is enough.
 * @param {string} folder @param {Jar} jar
 */
function isPresent(folder, jar) {
  return fs.statSync(path.join(folder, jar.file), { throwIfNoEntry: false })?.size === jar.bytes;
}

module.exports = { parseJarList, readJarList, isPresent };
