"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");

/** @param {Iterable<string>} parts */
function digestOf(parts) {
  const hash = crypto.createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** @param {string} file @returns {Promise<string>} its SHA-256 in hexadecimal */
async function digestOfFile(file) {
  const hash = crypto.createHash("sha256");
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

module.exports = { digestOf, digestOfFile };
