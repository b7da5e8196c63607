"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { digestOfFile } = require("./digest");
const { download, downloadedCopy } = require("./ivy");
const { isPresent, readJarList } = require("./jar-list");
const { SetupError } = require("./setup-error");

const POLL_MS = 500;

/**
 * Brings the listed jars into .basin/jars: from the local Maven repository if they lie there, else by download.
 * @param {import("./layout").Layout} layout
 * @param {import("./java").Java} java
 * @param {string} sparkHome
 * @param {import("./progress").Progress} progress
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} their absolute paths
 */
async function ensureJars(layout, java, sparkHome, progress, signal) {
  const jars = readJarList(layout.locks.jars);
  const missing = () => jars.filter((jar) => !isPresent(layout.jars, jar));
  fs.mkdirSync(layout.jars, { recursive: true });
  for (const jar of missing()) await adopt(localMavenCopy(jar), jar, layout.jars, fs.copyFileSync);
  if (missing().length > 0) {
    const total = sum(missing());
    await progress.part("Spark's S3 and Delta jars", megabytes(total), async (show) => {
      const poll = setInterval(() => show(`${megabytes(sizeOf(layout.ivy))} of ${megabytes(total)}`), POLL_MS);
      try {
        await download(missing(), layout.ivy, java, sparkHome, signal);
      } finally {
        clearInterval(poll);
        for (const jar of missing()) await adopt(downloadedCopy(layout.ivy, jar), jar, layout.jars, fs.renameSync);
        fs.rmSync(layout.ivy, { recursive: true, force: true });
      }
    });
  }
  const wrong = missing();
  if (wrong.length > 0) {
    const names = wrong.map((jar) => jar.file).join(", ");
    throw new SetupError(`what was downloaded as ${names} is not the file that setup/locks/jars.lock names.`);
  }
  return jars.map((jar) => path.join(layout.jars, jar.file));
}

// Only what has the listed digest is taken, and under its name only when it is whole.
async function adopt(copy, jar, folder, bring) {
  if (fs.statSync(copy, { throwIfNoEntry: false })?.size !== jar.bytes) return;
  if ((await digestOfFile(copy)) !== jar.sha256) return;
  const partial = path.join(folder, `${jar.file}.partial`);
  try {
    bring(copy, partial);
    fs.renameSync(partial, path.join(folder, jar.file));
  } catch (error) {
    fs.rmSync(partial, { force: true });
    throw new SetupError(`could not put ${jar.file} into ${folder}: ${error.message}`);
  }
}

function localMavenCopy({ group, artifact, version, file }) {
  return path.join(os.homedir(), ".m2", "repository", ...group.split("."), artifact, version, file);
}

function sizeOf(folder) {
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }) : [];
  return entries.reduce((total, name) => {
    const stat = fs.statSync(path.join(folder, String(name)), { throwIfNoEntry: false });
    return total + (stat?.isFile() ? stat.size : 0);
  }, 0);
}

function sum(jars) {
  return jars.reduce((total, jar) => total + jar.bytes, 0);
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

module.exports = { ensureJars };
