"use strict";

const fs = require("node:fs");
const { SetupError } = require("./setup-error");

const GB = 1e9;
// Measured, with what pip needs in passing to build PySpark.
const NEEDED = { node: 0.6 * GB, spark: 2.4 * GB };

/**
 * Refuses to begin what cannot end.
 * @param {string} folder on the device that set-up writes to
 * @param {{ node: boolean, spark: boolean }} missing
 */
function requireSpace(folder, missing, freeBytes = freeIn(folder)) {
  const needed = (missing.node ? NEEDED.node : 0) + (missing.spark ? NEEDED.spark : 0);
  if (freeBytes >= needed) return;
  throw new SetupError(
    `set-up needs ${gigabytes(needed)} of disk space in ${folder}; ${gigabytes(freeBytes)} are free. Nothing was changed.`,
  );
}

function freeIn(folder) {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
}

function gigabytes(bytes) {
  return `${(bytes / GB).toFixed(1)} GB`;
}

module.exports = { requireSpace };
