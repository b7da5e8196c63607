import { describe, expect, it } from "vitest";
import { operationArgs } from "./run-operation";
import { upkeepLine, upkeepReports } from "./upkeep-report";

const STEP = ["spark-submit", "--conf", "a=b", "--py-files", "s3://artifacts/jobs.zip", "s3://artifacts/main.py"];
const MIB = 1024 ** 2;
const figures = {
  files: 12,
  bytes: 24 * MIB,
  smallFiles: 12,
  smallBytes: 24 * MIB,
  unclusteredFiles: 0,
  unclusteredBytes: 0,
  unneededBytes: 0,
  targetBytes: 256 * MIB,
};

describe("an operation on the local lake", () => {
  it("is a step's command with another operation", () => {
    const step = [...STEP, "silver", "--dataset", "flights", "--raw", "s3://raw", "--lake", "s3://lake"];
    expect(operationArgs(step, { name: "restore", args: ["--dataset", "flights", "--version", "3"] })).toEqual([
      ...STEP,
      ...["restore", "--lake", "s3://lake", "--dataset", "flights", "--version", "3"],
    ]);
  });

  it("gets the root of raw where it reads what lies there", () => {
    const step = [...STEP, "silver", "--dataset", "flights", "--raw", "s3://raw", "--lake", "s3://lake"];
    expect(operationArgs(step, { name: "erase", args: ["--subject=N1"] })).toEqual([
      ...STEP,
      ...["erase", "--raw", "s3://raw", "--lake", "s3://lake", "--subject=N1"],
    ]);
  });
});

describe("an operation on the local lake that reads raw", () => {
  it("gets raw's root", () => {
    const step = [...STEP, "silver", "--dataset", "flights", "--raw", "s3://raw", "--lake", "s3://lake"];
    expect(operationArgs(step, { name: "replay", args: ["--dataset", "flights"] })).toEqual([
      ...STEP,
      ...["replay", "--raw", "s3://raw", "--lake", "s3://lake", "--dataset", "flights"],
    ]);
  });
});

describe("upkeep", () => {
  const report = {
    version: 1,
    dataset: "flights",
    table: "s3://lake/silver/flights/",
    before: figures,
    after: { ...figures, files: 1 },
    compacted: "12 of 12 files are below half of 268435456 bytes",
    vacuumed: null,
  };

  it("is told a table a line", () => {
    const lines = ["Spark says something", `BASIN_UPKEEP ${JSON.stringify(report)}`];
    expect(upkeepReports(lines).map(upkeepLine)).toEqual([
      "silver.flights: 1 file, 24 MiB; 12 files joined: 12 of 12 files are below half of 268435456 bytes",
    ]);
  });

  it("says so when a table needs nothing", () => {
    const sound = { ...report, after: figures, compacted: null };
    expect(upkeepReports([`BASIN_UPKEEP ${JSON.stringify(sound)}`]).map(upkeepLine)).toEqual([
      "silver.flights: 12 files, 24 MiB; needs nothing",
    ]);
  });
});
