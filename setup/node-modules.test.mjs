import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeModulesAreCurrent } from "./node-modules.js";

const ZOD = { version: "4.0.0", integrity: "sha512-aaa" };
const MAC_ONLY = { version: "2.0.0", integrity: "sha512-bbb", optional: true, os: ["darwin"] };

let root;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "basin-node-modules-"));
  fs.mkdirSync(path.join(root, "node_modules"));
  lock({ "": { name: "basin" }, "node_modules/zod": ZOD, "node_modules/fsevents": MAC_ONLY });
});

afterEach(() => fs.rmSync(root, { recursive: true }));

const lock = (packages) => fs.writeFileSync(path.join(root, "package-lock.json"), JSON.stringify({ packages }));
const installed = (packages) =>
  fs.writeFileSync(path.join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));

describe("node modules are current", () => {
  it("when npm has installed what the lock file names, less what is for other platforms", () => {
    installed({ "node_modules/zod": ZOD });
    expect(nodeModulesAreCurrent(root)).toBe(true);
  });

  it("not when they were never installed", () => {
    expect(nodeModulesAreCurrent(root)).toBe(false);
  });

  it("not when a package is missing or is another version", () => {
    installed({});
    expect(nodeModulesAreCurrent(root)).toBe(false);
    installed({ "node_modules/zod": { ...ZOD, version: "3.9.0" } });
    expect(nodeModulesAreCurrent(root)).toBe(false);
  });

  it("not when a package of the same version has other contents", () => {
    installed({ "node_modules/zod": { ...ZOD, integrity: "sha512-ccc" } });
    expect(nodeModulesAreCurrent(root)).toBe(false);
  });
});
