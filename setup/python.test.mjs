import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPython, isFit } from "./python.js";

let bin;

beforeEach(() => {
  bin = fs.mkdtempSync(path.join(os.tmpdir(), "basin-python-"));
});

afterEach(() => fs.rmSync(bin, { recursive: true }));

/** An executable that answers set-up's question as an interpreter of that version would. */
function install(name, version, { complete = true } = {}) {
  const answers = [version, path.join(bin, name), ...(complete ? ["complete"] : [])];
  return script(name, answers.map((answer) => `echo '${answer}'`).join("\n"));
}

function script(name, body) {
  const file = path.join(bin, name);
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

const find = (more = {}) => findPython({ PATH: bin, ...more });

describe("the Python that set-up uses", () => {
  it("is 3.9, 3.10 or 3.11", () => {
    expect(["3.9.0", "3.10.13", "3.11.7"].every(isFit)).toBe(true);
    expect(["2.7.18", "3.8.18", "3.12.1", "4.10.0"].some(isFit)).toBe(false);
  });

  it("is the newest fit one on the PATH", () => {
    install("python3", "3.12.1");
    install("python3.9", "3.9.18");
    install("python3.10", "3.10.13");
    expect(find()).toMatchObject({ name: "python3.10", version: "3.10.13" });
  });

  it("is the one in BASIN_PYTHON when that is set", () => {
    install("python3.11", "3.11.7");
    const chosen = install("mine", "3.9.18");
    expect(find({ BASIN_PYTHON: chosen })).toMatchObject({ version: "3.9.18" });
  });

  it("is passed over when it does not run", () => {
    script("python3.11", "exit 127");
    install("python3", "3.10.13");
    expect(find()).toMatchObject({ name: "python3" });
  });

  it("is passed over when it cannot make virtual environments and another can", () => {
    install("python3.11", "3.11.2", { complete: false });
    install("python3.9", "3.9.18");
    expect(find()).toMatchObject({ version: "3.9.18" });
  });
});

describe("without a fit Python, set-up", () => {
  it("names every version found, where it is, and what is needed", () => {
    install("python3", "3.12.1");
    install("python", "2.7.18");
    expect(find).toThrow(
      `Python 3.9, 3.10 or 3.11 is needed; found Python 3.12.1 (${bin}/python3), Python 2.7.18 (${bin}/python).`,
    );
  });

  it("says that there is none", () => {
    expect(find).toThrow("Python 3.9, 3.10 or 3.11 is needed; found none.");
  });

  it("says what BASIN_PYTHON is instead", () => {
    install("python3.11", "3.11.7");
    const chosen = install("mine", "3.13.0");
    expect(() => find({ BASIN_PYTHON: chosen })).toThrow(`BASIN_PYTHON is "${chosen}", which is Python 3.13.0`);
    expect(() => find({ BASIN_PYTHON: "/nowhere" })).toThrow('BASIN_PYTHON is "/nowhere", which is none');
  });

  it("names the package that makes it fit", () => {
    install("python3", "3.11.2", { complete: false });
    expect(find).toThrow("python3.11-venv");
  });
});
