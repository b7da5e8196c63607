import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { currentEnvironment, writeEnvironment } from "./environment.js";
import { layoutOf } from "./layout.js";

const JAR = `${"a".repeat(64)} 3 org.example:thing:1.0`;

let layout;

beforeEach(() => {
  layout = layoutOf(fs.mkdtempSync(path.join(os.tmpdir(), "basin-environment-")));
  for (const lock of Object.values(layout.locks)) touch(lock, "");
  touch(layout.locks.jars, JAR);
});

afterEach(() => fs.rmSync(layout.root, { recursive: true }));

function touch(file, content = "") {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

/** A clone after set-up. */
function write() {
  const home = path.join(layout.root, "java");
  touch(path.join(home, "bin", "java"));
  const jar = touch(path.join(layout.jars, "thing-1.0.jar"), "jar");
  touch(path.join(layout.pythonDeps, "yaml.py"));
  return writeEnvironment(layout, {
    python: touch(path.join(layout.venv, "bin", "python")),
    venv: layout.venv,
    java: { home, version: "17.0.9", source: "packaged" },
    sparkHome: path.dirname(touch(path.join(layout.venv, "pyspark", "RELEASE"))),
    jars: [jar],
    pythonDeps: layout.pythonDeps,
  });
}

describe("the environment file", () => {
  it("tells the rest of Basin where everything is", () => {
    write();
    expect(JSON.parse(fs.readFileSync(layout.environment, "utf8"))).toEqual({
      version: 1,
      python: path.join(layout.venv, "bin", "python"),
      venv: layout.venv,
      java: { home: path.join(layout.root, "java"), version: "17.0.9", source: "packaged" },
      sparkHome: path.join(layout.venv, "pyspark"),
      jars: [path.join(layout.jars, "thing-1.0.jar")],
      pythonDeps: layout.pythonDeps,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("holds while nothing changes", () => {
    const written = write();
    expect(currentEnvironment(layout)).toEqual(written);
  });

  it.each(["build", "python", "ministack", "java", "jars"])("no longer holds when %s.lock changes", (name) => {
    write();
    fs.appendFileSync(layout.locks[name], "\n# changed");
    expect(currentEnvironment(layout)).toBeUndefined();
  });

  it("no longer holds when the clone has moved", () => {
    write();
    const moved = `${layout.root}-moved`;
    fs.renameSync(layout.root, moved);
    layout = layoutOf(moved);
    expect(currentEnvironment(layout)).toBeUndefined();
  });

  it("no longer holds when a jar is gone or cut short", () => {
    const [jar] = write().jars;
    fs.writeFileSync(jar, "j");
    expect(currentEnvironment(layout)).toBeUndefined();
    fs.rmSync(jar);
    expect(currentEnvironment(layout)).toBeUndefined();
  });

  it("no longer holds when the Java or the Python is gone", () => {
    const { java } = write();
    fs.rmSync(java.home, { recursive: true });
    expect(currentEnvironment(layout)).toBeUndefined();
    const { python } = write();
    fs.rmSync(python);
    expect(currentEnvironment(layout)).toBeUndefined();
  });

  it("that is damaged counts as none", () => {
    write();
    fs.writeFileSync(layout.environment, "{");
    expect(currentEnvironment(layout)).toBeUndefined();
  });
});
