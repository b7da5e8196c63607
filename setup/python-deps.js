"use strict";

const fs = require("node:fs");
const path = require("node:path");

const SHIPPED = ["yaml", "fastjsonschema"];

/**
 * What the jobs import and EMR's Python lacks, as a folder to zip and ship. Only the Python sources are taken: the
 * compiled parts fit one platform, PyYAML works without its own, and so the folder is the same on every machine.
 * @param {string} sitePackages @param {string} target
 */
function copyPythonDeps(sitePackages, target) {
  const fresh = `${target}.partial`;
  fs.rmSync(fresh, { recursive: true, force: true });
  for (const name of SHIPPED) {
    fs.cpSync(path.join(sitePackages, name), path.join(fresh, name), {
      recursive: true,
      filter: (source) =>
        source.endsWith(".py") || (!source.endsWith("__pycache__") && fs.statSync(source).isDirectory()),
    });
  }
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(fresh, target);
}

module.exports = { copyPythonDeps };
