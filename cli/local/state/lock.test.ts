import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../declarations/faults";
import { takeLock } from "./lock";
import { identityOf } from "./process-identity";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the lake's lock", () => {
  test("is refused while a living process holds it, and free again afterwards", () => {
    const release = takeLock(file);
    expect(() => takeLock(file)).toThrow(InputError);
    expect(() => takeLock(file)).toThrow(`in use by process ${process.pid}`);
    release();
    expect(readdirSync(folder)).toEqual([]);
    takeLock(file)();
  });

  test("is taken over from a process that was killed", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    writeFileSync(file, JSON.stringify(identityOf(child.pid ?? 0)));
    expect(() => takeLock(file)).toThrow("in use");
    child.kill("SIGKILL");
    await once(child, "exit");
    takeLock(file)();
    expect(existsSync(file)).toBe(false);
  });

  test("is taken over when another process has the number of the one that was killed", () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: "1" }));
    takeLock(file)();
  });

  test("is taken over when it says nothing that can be read", () => {
    writeFileSync(file, "");
    takeLock(file)();
  });
});
