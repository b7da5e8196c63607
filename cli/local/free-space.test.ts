import { expect, test } from "vitest";
import { requireFreeSpace, whileSpaceLasts } from "./free-space";

const MIB = 2 ** 20;

test("inputs that the disk could not hold are refused before anything is written", () => {
  expect(() => requireFreeSpace("lake", 100 * MIB, 600 * MIB)).toThrow(
    "lake: has 600 MiB free, and inputs of 100 MiB need about 812 MiB",
  );
});

test("inputs that fit are not", () => {
  requireFreeSpace("lake", 100 * MIB, 900 * MIB);
});

test("a run is stopped before the disk is full, and not while it has room", async () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const full = whileSpaceLasts("lake", never, { everyMs: 1, free: () => 10 * MIB });
  await expect(full).rejects.toThrow("lake: no space left: 10 MiB free");
  expect(await whileSpaceLasts("lake", () => Promise.resolve(7), { everyMs: 1, free: () => 900 * MIB })).toBe(7);
});
