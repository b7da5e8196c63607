import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findPython } from "./python.js";

const python = findPython();
const IMPORT = "from __future__ import annotations\n";

function postponed(source) {
  const program = [
    "import sys",
    `sys.path.insert(0, ${JSON.stringify(path.join(__dirname))})`,
    "from postpone_annotations import with_postponed_annotations",
    "sys.stdout.write(with_postponed_annotations(sys.stdin.read()))",
  ].join("\n");
  return spawnSync(python.path, ["-B", "-c", program], { input: source, encoding: "utf8" }).stdout;
}

describe("annotations are postponed", () => {
  it("at the top of a module", () => {
    expect(postponed("x: int | None = None\n")).toBe(`${IMPORT}x: int | None = None\n`);
  });

  it("behind its docstring, which must stay first", () => {
    expect(postponed('"""Two\nlines."""\nx = 1\n')).toBe(`"""Two\nlines."""\n${IMPORT}x = 1\n`);
  });

  it("once only, and not in what this Python cannot read", () => {
    expect(postponed(`${IMPORT}x = 1\n`)).toBe(`${IMPORT}x = 1\n`);
    expect(postponed("def (\n")).toBe("def (\n");
  });
});
