import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exclusively } from "./exclusive.js";

const NO_PROCESS = 2 ** 22 + 1; // above the highest number that Linux and macOS give

let file;

beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "basin-lock-")), "setup.lock");
});

afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

describe("set-up of one clone", () => {
  it("runs once at a time, and says whom it waits for", async () => {
    const events = [];
    const work = (name) => () => {
      events.push(`${name} begins`);
      return sleep(50).then(() => events.push(`${name} ends`));
    };
    const said = [];
    await Promise.all([
      exclusively(file, () => undefined, work("first")),
      exclusively(file, (message) => said.push(message), work("second")),
    ]);
    expect(events).toEqual(["first begins", "first ends", "second begins", "second ends"]);
    expect(said).toEqual([`waiting for the set-up that process ${process.pid} is doing`]);
  });

  it("lets the next one begin when it fails", async () => {
    const failing = exclusively(
      file,
      () => undefined,
      () => Promise.reject(new Error("full")),
    );
    await expect(failing).rejects.toThrow("full");
    expect(fs.existsSync(file)).toBe(false);
  });

  it("does not wait for a process that was killed", async () => {
    fs.writeFileSync(file, `${NO_PROCESS} ${os.hostname()}\n`);
    await expect(
      exclusively(
        file,
        () => undefined,
        () => Promise.resolve("done"),
      ),
    ).resolves.toBe("done");
  });

  it("does not wait for another machine's process that has been silent for a minute", async () => {
    fs.writeFileSync(file, "1 another-host\n");
    const longAgo = new Date(Date.now() - 61_000);
    fs.utimesSync(file, longAgo, longAgo);
    await expect(
      exclusively(
        file,
        () => undefined,
        () => Promise.resolve("done"),
      ),
    ).resolves.toBe("done");
  });
});
