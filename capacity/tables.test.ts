import { describe, expect, it } from "vitest";
import { exampleDataset, exampleStream } from "../tests/environment";
import { columnarBytes, shufflePartitions, targetFileBytes } from "./tables";
import { partBytesFor } from "./uploads";

const MIB = 1024 ** 2;
const TB = 1e12;

describe("a table's files", () => {
  it("are of 256 MiB below 2.56 TB and of 1 GiB from 10 TB", () => {
    expect(targetFileBytes(0)).toBe(256 * MIB);
    expect(targetFileBytes(2.56 * TB)).toBe(256 * MIB);
    expect(targetFileBytes(10 * TB)).toBe(1024 * MIB);
    expect(targetFileBytes(1_000 * TB)).toBe(1024 * MIB);
  });

  it("grow on a line between: half way, half of the way", () => {
    expect(targetFileBytes(6.28 * TB)).toBe(640 * MIB);
  });

  it("hold JSON in less space than CSV, and columns as they come", () => {
    expect(columnarBytes(exampleStream("a"), 100)).toBe(15);
    expect(columnarBytes(exampleDataset("b"), 100)).toBe(35);
    expect(columnarBytes(exampleDataset("c", { source: { kind: "files", format: "parquet" } }), 100)).toBe(100);
  });
});

describe("shuffle partitions", () => {
  it("hold about 128 MB each", () => {
    expect(shufflePartitions(1280e6, 1)).toBe(10);
  });

  it("are at least two a vCPU, and never none", () => {
    expect(shufflePartitions(1280e6, 40)).toBe(80);
    expect(shufflePartitions(0, 0)).toBe(1);
  });

  it("are no more than one driver tracks", () => {
    expect(shufflePartitions(1e18, 1)).toBe(100_000);
  });
});

describe("parts of an upload", () => {
  it("are of 16 MiB until 10,000 of them do not hold the object", () => {
    expect(partBytesFor(0)).toBe(16 * MIB);
    expect(partBytesFor(160_000 * MIB)).toBe(16 * MIB);
    expect(partBytesFor(160_001 * MIB)).toBe(17 * MIB);
  });

  it("hold the largest object that S3 takes, within its limit on parts", () => {
    const largest = 48.8 * 1024 ** 4;
    const part = partBytesFor(largest);
    expect(part).toBeLessThanOrEqual(5 * 1024 ** 3);
    expect(part * 10_000).toBeGreaterThanOrEqual(largest);
  });

  it("do not exist for more", () => {
    expect(() => partBytesFor(50 * 1024 ** 4)).toThrow(/more than S3 takes in one object/);
  });
});
