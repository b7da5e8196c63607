"use strict";

const path = require("node:path");

/**
 * Where set-up puts things, all inside the clone: nothing is shared with another clone or left behind in the home folder.
 * @param {string} root the repository
 */
function layoutOf(root) {
  const basin = path.join(root, ".basin");
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
      build: path.join(root, "setup", "locks", "build.lock"),
      python: path.join(root, "setup", "locks", "python.lock"),
      java: path.join(root, "setup", "locks", "java.lock"),
      jars: path.join(root, "setup", "locks", "jars.lock"),
    },
  };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

module.exports = { layoutOf, layout: layoutOf(path.dirname(__dirname)) };
