import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

describe("a machine whose Node is too old", () => {
  it("is told which is needed", () => {
    const script = `require(${JSON.stringify(path.join(__dirname, "node-version"))}).requireNode("18.20.4")`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toBe(`basin: Node 20 or newer is needed; found 18.20.4 (${process.execPath}).\n`);
  });
});
