import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findJava } from "./java.js";

describe("the Java that set-up uses", () => {
  let bin;

  beforeEach(() => {
    bin = fs.mkdtempSync(path.join(os.tmpdir(), "basin-java-"));
  });

  afterEach(() => fs.rmSync(bin, { recursive: true }));

  function install(home, version) {
    const file = path.join(home, "bin", "java");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const answer = `echo '    java.home = ${home}' >&2\necho '    java.version = ${version}' >&2`;
    fs.writeFileSync(file, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  }

  it("is a 17: in JAVA_HOME, else on the PATH", () => {
    install(path.join(bin, "8"), "1.8.0_402");
    install(path.join(bin, "17"), "17.0.15");
    const env = { JAVA_HOME: path.join(bin, "8"), PATH: path.join(bin, "17", "bin") };
    expect(findJava(env)).toEqual({ home: path.join(bin, "17"), version: "17.0.15", source: "installed" });
  });

  it("is none of the machine's when they are older or newer", () => {
    install(path.join(bin, "21"), "21.0.2");
    expect(findJava({ PATH: path.join(bin, "21", "bin") })).toBeUndefined();
    expect(findJava({ PATH: bin })).toBeUndefined();
  });
});
