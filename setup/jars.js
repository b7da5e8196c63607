"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { digestOfFile } = require("./digest");
const { isPresent, readJarList } = require("./jar-list");
const { run } = require("./run");
const { SetupError } = require("./setup-error");

const POLL_MS = 500;

/**
 * Brings the listed jars into .basin/jars, by the Ivy that comes with Spark. Ivy works in a folder of this clone: in a
 * shared one it would trust what another tool left half filled.
 * @param {import("./layout").Layout} layout
 * @param {string} java path of the java command
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
        await download(missing(), layout, java, sparkHome, signal);
      } finally {
        clearInterval(poll);
        for (const jar of missing()) await adopt(ivyCopy(layout.ivy, jar), jar, layout.jars, fs.renameSync);
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

function ivyCopy(ivy, { group, artifact, file }) {
  return path.join(ivy, "cache", group, artifact, "jars", file);
}

async function download(jars, { ivy }, java, sparkHome, signal) {
  fs.mkdirSync(ivy, { recursive: true });
  const module = path.join(ivy, "ivy.xml");
  fs.writeFileSync(module, ivyModule(jars));
  const settings = process.env.BASIN_IVY_SETTINGS;
  const folders = [`-Divy.default.ivy.user.dir=${ivy}`, `-Duser.home=${ivy}`];
  const source = settings ? ["-settings", settings] : ["-m2compatible"];
  const what = ["-cache", path.join(ivy, "cache"), "-ivy", module, "-confs", "default", "-types", "jar", "-warn"];
  await run([java, ...folders, ...proxyOptions(), "-jar", ivyJar(sparkHome), ...source, ...what], {
    doing: "download Spark's S3 and Delta jars",
    signal,
  });
}

function ivyModule(jars) {
  const dependencies = jars.map(
    ({ group, artifact, version }) =>
      `<dependency org="${group}" name="${artifact}" rev="${version}" transitive="false" conf="default->master"/>`,
  );
  return [
    '<ivy-module version="2.0">',
    '<info organisation="basin" module="jars"/>',
    `<dependencies>${dependencies.join("")}</dependencies>`,
    "</ivy-module>",
  ].join("\n");
}

function ivyJar(sparkHome) {
  const folder = path.join(sparkHome, "jars");
  return path.join(
    folder,
    fs.readdirSync(folder).find((name) => name.startsWith("ivy-")),
  );
}

/** Java does not read the proxy variables that npm and pip do. */
function proxyOptions(env = process.env) {
  const value = env.HTTPS_PROXY ?? env.https_proxy;
  if (!value) return [];
  const { hostname, port } = new URL(value.includes("://") ? value : `http://${value}`);
  return [`-Dhttps.proxyHost=${hostname}`, `-Dhttps.proxyPort=${port || 80}`];
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

module.exports = { ensureJars, proxyOptions };
