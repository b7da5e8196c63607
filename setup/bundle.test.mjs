import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layout } from "./layout.js";

const START = `
  const { bundleOf } = require(${JSON.stringify(path.join(layout.root, "setup", "bundle.js"))});
  const [root, command] = process.argv.slice(1);
  bundleOf(command, { root, cache: root + "/cache" }, { greet: "greet.ts" }).then((start) => (start ?? (() => console.log("no bundle")))());
`;
let root;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "basin-bundle-"));
  source("greet.ts", `import { who } from "./deep/who"; console.log("hello", who as string);`);
  source("deep/who.ts", `export const who = __dirname.split("/").at(-1);`);
});

afterEach(() => fs.rmSync(root, { recursive: true }));

function source(name, text) {
  fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
}

/** In a process of its own, as a command is: how it ended, and what it wrote. */
function start(command = "greet") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", START, root, command], { encoding: "utf8" });
  return `${status} ${stdout}${stderr}`;
}

const kept = () => fs.readdirSync(path.join(root, "cache")).sort();

describe("a command's bundle", () => {
  it("does what its sources do, each in its own folder", () => {
    expect(start()).toBe("0 hello deep\n");
  });

  it("is kept with its machine code, and used again", () => {
    start();
    const before = kept();
    expect(before).toEqual([
      expect.stringMatching(/^greet\.bundle-[0-9a-f]{16}\.js$/),
      expect.stringMatching(/\.js\.code$/),
      "greet.bundle.json",
    ]);
    const [script] = before;
    fs.writeFileSync(path.join(root, "cache", script), `console.log("kept")`);
    expect(start()).toBe("0 kept\n");
  });

  it("is made anew when any of its sources or packages has changed, and the older one is removed", () => {
    start();
    const before = kept();
    source("deep/who.ts", `export const who = "changed";`);
    expect(start()).toBe("0 hello changed\n");
    const after = kept();
    expect(after).toHaveLength(before.length);
    expect(after[0]).not.toBe(before[0]);
    source("node_modules/.package-lock.json", "{}");
    fs.rmSync(path.join(root, "cache", after[0]));
    expect(start()).toBe("0 hello changed\n");
  });

  it("comes to no harm by machine code that is damaged or of another version", () => {
    start();
    const [, code] = kept();
    fs.writeFileSync(path.join(root, "cache", code), "damaged");
    expect(start()).toBe("0 hello deep\n");
    expect(fs.statSync(path.join(root, "cache", code)).size).toBeGreaterThan(100);
  });

  it("is done without where its folder cannot be written, its record is damaged, or a source is wrong", () => {
    fs.writeFileSync(path.join(root, "cache"), "no folder");
    expect(start()).toBe("0 no bundle\n");
    fs.rmSync(path.join(root, "cache"));
    start();
    fs.writeFileSync(path.join(root, "cache", "greet.bundle.json"), "{");
    expect(start()).toBe("0 no bundle\n");
    fs.rmSync(path.join(root, "cache", "greet.bundle.json"));
    source("greet.ts", "not TypeScript");
    expect(start()).toBe("0 no bundle\n");
  });

  it("is for commands that have one", () => {
    expect(start("other")).toBe("0 no bundle\n");
  });
});
