"use strict";

const os = require("node:os");

/** Something on this machine stops the set-up: shown without a stack trace, exit code 2. */
class SetupError extends Error {
  /** @param {string} message what is wrong, what was found, what is needed */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/** The user or the system asked set-up to stop. */
class Interrupted extends Error {
  /** @param {"SIGINT" | "SIGTERM"} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + os.constants.signals[signal];
  }
}

module.exports = { Interrupted, SetupError };
