import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choosePartBytes, LIMITS, partsOf, streamPartBytes } from "./parts";

const MIB = 1024 ** 2;
const objectBytes = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 36 }),
  fc.double({ min: 1, max: LIMITS.object, noNaN: true }).map(Math.floor),
);
const rate = fc.option(fc.double({ min: 1, max: 1e11, noNaN: true }), { nil: undefined });

describe("parts of an object", () => {
  test("cover it without gap or overlap, in at most 10,000 pieces that S3 takes", () => {
    fc.assert(
      fc.property(objectBytes, rate, (bytes, connectionRate) => {
        const parts = partsOf(bytes, choosePartBytes(bytes, connectionRate));
        expect(parts.length).toBeLessThanOrEqual(LIMITS.parts);
        let end = 0;
        parts.forEach(({ number, offset, bytes: size }, index) => {
          if (number !== index + 1 || offset !== end) throw new Error(`part ${number} begins at ${offset}, not ${end}`);
          const isLast = index === parts.length - 1;
          if (size > LIMITS.largestPart || size < (isLast ? 1 : LIMITS.smallestPart)) throw new Error(`${size} bytes`);
          end += size;
        });
        expect(end).toBe(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test("are of 8 to 64 MiB wherever 10,000 of them hold it", () => {
    fc.assert(
      fc.property(objectBytes, rate, (bytes, connectionRate) => {
        const partBytes = choosePartBytes(bytes, connectionRate);
        expect(partBytes).toBeGreaterThanOrEqual(8 * MIB);
        if (bytes <= 64 * MIB * LIMITS.parts) expect(partBytes).toBeLessThanOrEqual(64 * MIB);
      }),
    );
  });

  test.each([
    ["a small one keeps several connections busy", 40 * MIB, undefined, 8],
    ["16 MiB before anything is measured", 4096 * MIB, undefined, 16],
    ["a fast connection gets large ones", 4096 * MIB, 90 * MIB, 64],
    ["a slow connection gets small ones", 4096 * MIB, MIB, 8],
    ["1 TiB needs more than 64 MiB", 1024 ** 4, undefined, 105],
  ])("%s", (_, bytes, connectionRate, expected) => {
    expect(choosePartBytes(bytes, connectionRate)).toBe(expected * MIB);
  });

  test("an object beyond S3's limit is refused", () => {
    expect(() => choosePartBytes(50 * 1024 ** 4, undefined)).toThrow(
      'is more than S3 takes in one object; found "50 TiB"; allowed: objects up to 48.8 TiB',
    );
  });

  test("an empty object is one empty part", () => {
    expect(partsOf(0, 8 * MIB)).toEqual([{ number: 1, offset: 0, bytes: 0 }]);
  });
});

test("parts of a stream are as S3 takes them, and hold terabytes", () => {
  const sizes = Array.from({ length: LIMITS.parts }, (_, index) => streamPartBytes(index + 1));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(LIMITS.smallestPart);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMITS.largestPart);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(2.5 * 1024 ** 4);
});
