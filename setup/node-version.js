"use strict";

// Written in the JavaScript of old Nodes, so that an old Node can still read it and say that it is too old.

var NEEDED = 20;

/** Ends the process with code 2 when this Node is older than the oldest that works. */
function requireNode(version) {
  var found = version || process.versions.node;
  if (Number(found.split(".")[0]) >= NEEDED) return;
  process.stderr.write(
    "basin: Node " + NEEDED + " or newer is needed; found " + found + " (" + process.execPath + ").\n",
  );
  process.exit(2);
}

module.exports = { requireNode: requireNode, NEEDED: NEEDED };
