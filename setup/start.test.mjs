import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { layout } from "./layout.js";
import { scopeOf } from "./start.js";

describe("a command", () => {
  it("needs Python, Java and jars only if it runs Spark", () => {
    expect(scopeOf(["local", "--fresh"])).toBe("all");
    expect(scopeOf(["sql", "select 1"])).toBe("all");
    expect(scopeOf(["plan", "--stack", "local"])).toBe("node");
    expect(scopeOf(["local", "--help"])).toBe("node");
    expect(scopeOf([])).toBe("node");
  });
});

describe("the launcher", () => {
  it("works from another folder, through a link, and hands on arguments and the exit code", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "basin-launcher-"));
    try {
      const link = path.join(folder, "linked");
      fs.symlinkSync(path.join(layout.root, "basin"), link);
      const { status, stderr } = spawnSync(link, ["no-such-command"], { cwd: folder, encoding: "utf8" });
      expect(status).toBe(2);
      expect(stderr).toContain("no-such-command");
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
