import { expect, test } from "vitest";
import { requireFreeSpace } from "./free-space";

const MIB = 2 ** 20;

test("inputs that the disk could not hold are refused before anything is written", () => {
  expect(() => requireFreeSpace("lake", 100 * MIB, 600 * MIB)).toThrow(
    "lake: has 600 MiB free, and inputs of 100 MiB need about 812 MiB",
  );
});

test("inputs that fit are not", () => {
  requireFreeSpace("lake", 100 * MIB, 900 * MIB);
});
