import { afterEach, describe, expect, test, vi } from "vitest";
import { describeProgress, progressDisplay } from "./progress-display";

const MIB = 2 ** 20;
const half = { bytes: 512 * MIB, totalBytes: 1024 * MIB, bytesPerSecond: 64 * MIB, objects: 1, totalObjects: 4 };

function stream(isTTY: boolean): { written: string[]; stream: NodeJS.WriteStream } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { written, stream: { isTTY, write, columns: 80 } as unknown as NodeJS.WriteStream };
}

afterEach(() => vi.useRealTimers());

describe("progress", () => {
  test.each([
    ["says bytes, rate, time left and objects", half, "512 MiB of 1 GiB · 64 MiB/s · 8 seconds left · 1 of 4 objects"],
    ["of one object counts none", { ...half, totalObjects: 1 }, "512 MiB of 1 GiB · 64 MiB/s · 8 seconds left"],
    ["has no time left without a rate", { ...half, bytesPerSecond: 0 }, "512 MiB of 1 GiB · 0 B/s · 1 of 4 objects"],
    ["of a stream has no end", { ...half, totalBytes: undefined, totalObjects: 1 }, "512 MiB · 64 MiB/s"],
    [
      "is no more exact than it can be",
      { ...half, bytesPerSecond: MIB },
      "512 MiB of 1 GiB · 1 MiB/s · 9 minutes left · 1 of 4 objects",
    ],
  ])("%s", (_, progress, text) => {
    expect(describeProgress(progress)).toBe(text);
  });

  test("is a line every ten seconds where nobody watches", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { written, stream: to } = stream(false);
    const display = progressDisplay(to, false);
    display.show(half);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(10_000);
    display.show(half);
    display.show(half);
    expect(written).toEqual([`${describeProgress(half)}\n`]);
  });

  test("is nothing in CI but what has to be said", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { written, stream: to } = stream(false);
    const display = progressDisplay(to, true);
    vi.advanceTimersByTime(3_600_000);
    display.show(half);
    display.note("starts over");
    expect(written).toEqual(["starts over\n"]);
  });
});
