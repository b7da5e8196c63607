import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "./ledger";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  file = join(folder, "ledger.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the ledger", () => {
  test("knows what came in, also after a restart", () => {
    const ledger = new Ledger(file);
    const id = ledger.begin("flights", "hash", "flights.jsonl");
    ledger.willWrite(id, "flights/arrived=2026-11-24T09/x");
    ledger.end(id, 10, 1_000);
    const again = new Ledger(file);
    expect(again.holds("flights", "hash")).toBe(true);
    expect(again.holds("weather", "hash")).toBe(false);
    expect(again.rowsIn("flights")).toBe(10);
    expect(again.finished("flights")[0]?.objects).toEqual(["flights/arrived=2026-11-24T09/x"]);
  });

  test("does not take an intake for finished that a crash cut short, and knows its objects", () => {
    const ledger = new Ledger(file);
    const id = ledger.begin("flights", "hash", "flights.jsonl");
    ledger.willWrite(id, "key");
    const again = new Ledger(file);
    expect(again.holds("flights", "hash")).toBe(false);
    expect(again.rowsIn("flights")).toBe(0);
    expect(again.unfinished()).toMatchObject([{ id, objects: ["key"] }]);
    again.forget(id);
    expect(new Ledger(file).unfinished()).toEqual([]);
  });

  test("reads over a last line that was torn, and not over any other", () => {
    new Ledger(file).begin("flights", "hash", "flights.jsonl");
    appendFileSync(file, '{"event":"en');
    expect(new Ledger(file).unfinished()).toHaveLength(1);
    appendFileSync(file, "\n{}\n");
    expect(() => new Ledger(file)).toThrow();
  });
});
