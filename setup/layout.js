"use strict";

const path = require("node:path");

/**
 * Where set-up puts things, all inside the clone: nothing is shared with another clone or left behind in the home folder.
 * @param {string} root the repository
 */
function layoutOf(root) {
  const basin = path.join(root, ".basin");
  const lock = (name) => path.join(root, "setup", "locks", `${name}.lock`);
  return {
    root,
    basin,
    venv: path.join(basin, "venv"),
    jars: path.join(basin, "jars"),
    cache: path.join(basin, "cache"),
    scratch: path.join(basin, "scratch"),
    ivy: path.join(basin, "ivy"),
    pythonDeps: path.join(basin, "python-deps"),
    bin: (name) => path.join(root, "node_modules", ".bin", name),
    environment: path.join(basin, "environment.json"),
    lock: path.join(basin, "setup.lock"),
    locks: {
      build: lock("build"),
      python: lock("python"),
      ministack: lock("ministack"),
      java: lock("java"),
      jars: lock("jars"),
    },
  };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

module.exports = { layoutOf, layout: layoutOf(path.dirname(__dirname)) };
