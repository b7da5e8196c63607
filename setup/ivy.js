"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { run } = require("./run");
const { trustStore, trustedCertificates } = require("./trust-store");

/**
 * Downloads jars by the Ivy that comes with Spark, which works in a folder of this clone: in a shared one it would trust
 * what another tool left half filled. BASIN_IVY_SETTINGS may name an Ivy settings file, for a mirror.
 * @param {import("./jar-list").Jar[]} jars
 * @param {string} folder
 * @param {import("./java").Java} java
 * @param {string} sparkHome
 * @param {AbortSignal} signal
 */
async function download(jars, folder, java, sparkHome, signal) {
  fs.mkdirSync(folder, { recursive: true });
  const module = path.join(folder, "ivy.xml");
  fs.writeFileSync(module, moduleOf(jars));
  const settings = process.env.BASIN_IVY_SETTINGS;
  const source = settings ? ["-settings", settings] : ["-m2compatible"];
  const what = ["-cache", cacheIn(folder), "-ivy", module, "-confs", "default", "-types", "jar", "-warn"];
  const properties = { "ivy.default.ivy.user.dir": folder, ...proxyProperties(), ...trustProperties(java, folder) };
  const options = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const command = path.join(java.home, "bin", "java");
  await run([command, ...options, "-jar", ivyJar(sparkHome), ...source, ...what], {
    doing: "download Spark's S3 and Delta jars",
    signal,
  });
}

/** Where a jar lies once it is downloaded. */
function downloadedCopy(folder, { group, artifact, file }) {
  return path.join(cacheIn(folder), group, artifact, "jars", file);
}

function cacheIn(folder) {
  return path.join(folder, "cache");
}

function moduleOf(jars) {
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
  const name = fs.readdirSync(folder).find((file) => file.startsWith("ivy-"));
  return path.join(folder, name);
}

/** Java does not read the proxy variables that npm and pip read. */
function proxyProperties(env = process.env) {
  const value = env.HTTPS_PROXY || env.https_proxy;
  if (!value) return {};
  const { hostname, port } = new URL(value.includes("://") ? value : `http://${value}`);
  return { "https.proxyHost": hostname, "https.proxyPort": port || "80" };
}

// An installed Java is trusted to know its company's certificates; the packaged one cannot.
function trustProperties(java, folder) {
  if (java.source === "installed") return {};
  const file = path.join(folder, "trust.jks");
  fs.writeFileSync(file, trustStore(trustedCertificates()));
  return { "javax.net.ssl.trustStore": file, "javax.net.ssl.trustStoreType": "JKS" };
}

module.exports = { download, downloadedCopy, proxyProperties };
