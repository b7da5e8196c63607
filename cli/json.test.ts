import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../declarations/faults";
import { writeJson } from "./json";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "basin-json-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("a JSON file for a program", () => {
  it("replaces the old one whole, and makes the folders on the way", () => {
    const file = join(folder, "out/plan.json");
    writeJson(file, { version: 1 });
    writeJson(file, { version: 1, rows: [1] });
    expect(readFileSync(file, "utf8")).toBe('{\n  "version": 1,\n  "rows": [\n    1\n  ]\n}\n');
    expect(readdirSync(join(folder, "out"))).toEqual(["plan.json"]);
  });

  it("is refused by name where it cannot be written, and nothing is left behind", () => {
    mkdirSync(join(folder, "taken"));
    writeFileSync(join(folder, "file"), "");
    expect(() => writeJson(join(folder, "taken"), {})).toThrow(InputError);
    expect(() => writeJson(join(folder, "file/plan.json"), {})).toThrow(/file\/plan\.json: cannot be written/);
    expect(readdirSync(folder)).toEqual(["file", "taken"]);
  });
});
