import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { QuickReads } from "./quick-reads";

const folder = mkdtempSync(join(tmpdir(), "basin-quick-reads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a file's ten bytes so often; says of each reading whether it was done before anything else could happen. */
async function read(times: number, slow: (reading: number) => boolean): Promise<{ text: string; atOnce: boolean }[]> {
  const path = join(folder, "file");
  writeFileSync(path, "0123456789");
  let clock = 0;
  let reading = 0;
  const reads = new QuickReads(() => (clock += slow(reading) ? 5 : 0));
  const descriptor = await reads.open(path);
  const seen: { text: string; atOnce: boolean }[] = [];
  for (; reading < times; reading += 1) {
    const piece = Buffer.alloc(10);
    let done = false;
    const pending = reads.read(descriptor, piece, 0).then(() => void (done = true));
    // While microtasks run, nothing is heard of threads.
    for (let task = 0; task < 5; task += 1) await Promise.resolve();
    const atOnce = done;
    await pending;
    seen.push({ text: piece.toString(), atOnce });
  }
  return seen;
}

test("what the kernel has in memory is read at once", async () => {
  const seen = await read(40, () => false);
  expect(seen.every(({ atOnce, text }) => atOnce && text === "0123456789")).toBe(true);
});

test("after a slow read the next ones go by threads, until one is tried again", async () => {
  const seen = await read(40, (reading) => reading === 3);
  expect(seen.every(({ text }) => text === "0123456789")).toBe(true);
  const byThread = seen.flatMap(({ atOnce }, reading) => (atOnce ? [] : [reading]));
  expect(byThread).toEqual(Array.from({ length: 16 }, (_, index) => index + 4));
});
