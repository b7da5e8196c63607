import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureJars } from "./jars.js";
import { layoutOf } from "./layout.js";

const CONTENT = "a jar";
const SHA256 = crypto.createHash("sha256").update(CONTENT).digest("hex");
const silent = { part: (_title, _detail, work) => work(() => undefined) };

let home;
let layout;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "basin-jars-"));
  layout = layoutOf(path.join(home, "clone"));
  vi.stubEnv("HOME", home);
  write(layout.locks.jars, `${SHA256} ${CONTENT.length} org.example:thing:1.0\n`);
  write(path.join(home, "spark", "jars", "ivy-2.5.1.jar"), "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(home, { recursive: true });
});

function write(file, content, mode = 0o644) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content, { mode });
}

/** Set-up with a Java that, asked to download, runs this shell line in Ivy's folder. */
function ensure(line) {
  const script = `#!/bin/sh\nmkdir -p ${layout.ivy}/cache/org.example/thing/jars && cd ${layout.ivy}/cache/org.example/thing/jars\n${line}\n`;
  write(path.join(home, "java", "bin", "java"), script, 0o755);
  const java = { home: path.join(home, "java"), version: "17", source: "installed" };
  return ensureJars(layout, java, path.join(home, "spark"), silent, new AbortController().signal);
}

const installed = () => (fs.existsSync(layout.jars) ? fs.readdirSync(layout.jars) : []);

describe("a jar", () => {
  it("is downloaded, compared with its digest and put in its place, and Ivy's folder goes", async () => {
    await expect(ensure(`printf '${CONTENT}' > thing-1.0.jar`)).resolves.toEqual([
      path.join(layout.jars, "thing-1.0.jar"),
    ]);
    expect(installed()).toEqual(["thing-1.0.jar"]);
    expect(fs.existsSync(layout.ivy)).toBe(false);
  });

  it("is taken from the local Maven repository when it is the same there", async () => {
    write(path.join(home, ".m2/repository/org/example/thing/1.0/thing-1.0.jar"), CONTENT);
    await ensure("exit 1");
    expect(installed()).toEqual(["thing-1.0.jar"]);
  });

  it("is not taken from a local Maven repository that holds only half of it", async () => {
    write(path.join(home, ".m2/repository/org/example/thing/1.0/thing-1.0.jar"), CONTENT.slice(1));
    await ensure(`printf '${CONTENT}' > thing-1.0.jar`);
    expect(fs.readFileSync(path.join(layout.jars, "thing-1.0.jar"), "utf8")).toBe(CONTENT);
  });

  it("with another content is refused, and nothing of it stays", async () => {
    await expect(ensure("printf 'e jar' > thing-1.0.jar")).rejects.toThrow("thing-1.0.jar is not the file that");
    expect(installed()).toEqual([]);
    expect(fs.existsSync(layout.ivy)).toBe(false);
  });

  it("of which the download failed leaves nothing behind", async () => {
    await expect(ensure("printf 'a' > thing-1.0.jar.part; exit 1")).rejects.toThrow("could not download");
    expect(installed()).toEqual([]);
    expect(fs.existsSync(layout.ivy)).toBe(false);
  });
});
