"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { digestOf } = require("./digest");

/**
 * Commands that start from one file, made of their sources whenever those have changed and kept with the machine code of
 * its last run: loading some hundred sources one by one takes as long as many an upload.
 */
const ENTRIES = { upload: "cli/upload/main.ts" };

/** What decides about the packages in a bundle, besides the sources. */
const PACKAGES = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];

/** @typedef {{ script: string, inputs: { file: string, stamp: string }[] }} Bundle files are relative to the root */

/**
 * @param {string | undefined} command
 * @param {{ root: string, cache: string }} layout
 * @returns {Promise<(() => void) | undefined>} starts the command; undefined for one that has no bundle, or where none
 * can be made or kept
 */
async function bundleOf(command, layout, entries = ENTRIES) {
  if (command === undefined || !Object.hasOwn(entries, command)) return undefined;
  try {
    const record = path.join(layout.cache, `${command}.bundle.json`);
    const { script } = currentBundle(record, layout.root) ?? (await build(entries[command], record, layout));
    return load(path.join(layout.cache, script));
  } catch {
    // What is wrong with a source is told better where it is loaded itself.
    return undefined;
  }
}

/** @returns {Bundle | undefined} */
function currentBundle(record, root) {
  if (!fs.existsSync(record)) return undefined;
  const bundle = JSON.parse(fs.readFileSync(record, "utf8"));
  return bundle.inputs.every(({ file, stamp }) => stampOf(path.join(root, file)) === stamp) ? bundle : undefined;
}

function stampOf(file) {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : "absent";
}

/** @returns {Promise<Bundle>} */
async function build(entry, record, { root, cache }) {
  const { outputFiles, metafile } = await require("esbuild").build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    // They look for files of their own, and are not needed for most.
    external: ["@pulumi/*"],
    plugins: [{ name: "own-folder", setup: (builder) => builder.onLoad({ filter: /\.ts$/ }, withOwnFolder) }],
    minify: true,
    keepNames: true,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const { text } = outputFiles[0];
  const sources = Object.keys(metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
  const inputs = [...sources, ...PACKAGES].map((file) => ({ file, stamp: stampOf(path.join(root, file)) }));
  const bundle = { script: `${path.basename(record, ".json")}-${digestOf([text]).slice(0, 16)}.js`, inputs };
  fs.mkdirSync(cache, { recursive: true });
  removeOlder(record, bundle);
  writeWhole(path.join(cache, bundle.script), text);
  writeWhole(record, JSON.stringify(bundle));
  return bundle;
}

/** In a bundle, `__dirname` would be that of the bundle. */
async function withOwnFolder({ path: file }) {
  const source = await fs.promises.readFile(file, "utf8");
  return { contents: `const __dirname = ${JSON.stringify(path.dirname(file))};${source}`, loader: "ts" };
}

function removeOlder(record, { script }) {
  const folder = path.dirname(record);
  const prefix = `${path.basename(record, ".json")}-`;
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith(prefix) && !name.startsWith(script)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

/** Another process may read it at any moment. */
function writeWhole(file, contents) {
  const aside = `${file}.${process.pid}`;
  fs.writeFileSync(aside, contents);
  fs.renameSync(aside, file);
}

/** V8 takes its machine code only if the script and V8 itself are what they were. */
function load(file) {
  const kept = `${file}.code`;
  const source = Module.wrap(fs.readFileSync(file, "utf8"));
  const cachedData = fs.existsSync(kept) ? fs.readFileSync(kept) : undefined;
  const script = new vm.Script(source, { filename: file, cachedData });
  return () => {
    const module = new Module(file);
    script.runInThisContext()(module.exports, Module.createRequire(file), module, file, path.dirname(file));
    if (cachedData === undefined || script.cachedDataRejected) process.once("exit", () => keep(kept, script));
  };
}

function keep(file, script) {
  try {
    writeWhole(file, script.createCachedData());
  } catch {
    // The next run is as slow as this one.
  }
}

module.exports = { bundleOf };
