import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, date, duration, formatBytes, formatDuration, parseBytes, parseDuration } from "./units";

describe("a duration", () => {
  it.each([
    ["15 minutes", 900],
    ["1 hour", 3_600],
    ["1.5 hours", 5_400],
    ["400 days", 34_560_000],
    ["2 weeks", 1_209_600],
  ])("%s is %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each(["", "15", "15 min", "15minutes", "-1 hour", "0 hours", "1 month", "1e3 hours", "NaN days"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(duration.safeParse(text).success).toBe(false);
    },
  );

  it("survives being written and read again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});

describe("a size", () => {
  it.each([
    ["1.2 kB", 1_200],
    ["1 KiB", 1_024],
    ["2 PiB", 2 * 1024 ** 5],
    ["30 TiB", 30 * 1024 ** 4],
    ["72 B", 72],
    ["0 B", 0],
    ["64MiB", 64 * 1024 ** 2],
  ])("%s is %d bytes", (text, size) => expect(parseBytes(text)).toBe(size));

  it.each(["", "12", "1 iB", "1 kb", "-1 kB", "1 ZiB", "1,5 kB"])("%j is none", (text) => {
    expect(parseBytes(text)).toBeUndefined();
    expect(bytes.safeParse(text).success).toBe(false);
  });

  it("is written within one per cent of what it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 60 }), (size) => {
        const read = parseBytes(formatBytes(size)) ?? NaN;
        expect(Math.abs(read - size) / size).toBeLessThan(0.01);
      }),
    );
  });
});

describe("a date", () => {
  it("exists in the calendar", () => {
    expect(date.safeParse("2028-02-29").success).toBe(true);
    expect(date.safeParse("2027-02-29").success).toBe(false);
    expect(date.safeParse("2027-2-9").success).toBe(false);
  });
});
