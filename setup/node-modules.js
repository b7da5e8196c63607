"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { run } = require("./run");

/**
 * Whether node_modules holds what package-lock.json asks for, by the record that npm keeps of what it installed. That
 * record is compared instead of a stamp of our own, so that a developer's `npm install` counts too.
 * @param {string} root
 */
function nodeModulesAreCurrent(root) {
  const wanted = packagesIn(path.join(root, "package-lock.json"));
  const installed = packagesIn(path.join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === "") return true;
    const found = installed[place];
    // npm leaves out optional packages of other platforms.
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true;
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @param {import("./layout").Layout} layout @param {import("./progress").Progress} progress @param {AbortSignal} signal */
async function ensureNodeModules(layout, progress, signal) {
  if (nodeModulesAreCurrent(layout.root)) return;
  await progress.part("node modules", "npm ci", () =>
    run(["npm", "ci", "--no-audit", "--no-fund"], { doing: "install the node modules", cwd: layout.root, signal }),
  );
}

module.exports = { ensureNodeModules, nodeModulesAreCurrent };
