import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CONTRACT } from "../../contract/testing/example-contract";
import { InputError } from "../../declarations/faults";
import { renderContract } from "./command";
import { contractChanges } from "./compatibility";
import { contractOf, readContract } from "./contract";

describe("the contract of prod", () => {
  it("is what the stack exports, and the same as itself", async () => {
    const contract = await contractOf({ stack: "prod" });
    expect(Object.keys(contract.datasets)).toContain("flights");
    expect(contractChanges(contract, await contractOf({ stack: "prod" }))).toEqual([]);
    expect(renderContract(contract)).toContain("basin_prod_silver.flights");
  });
});

describe("a contract's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-contract-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "contract.json");

  it("is read back as it was written", () => {
    writeFileSync(file, JSON.stringify(CONTRACT));
    expect(readContract(file)).toEqual(CONTRACT);
  });

  it.each([
    ["damaged", '{"version":', "is not JSON"],
    [
      "of another version",
      '{"version":2}',
      "version: is not a contract that this version of Basin knows; found 2; allowed: 1",
    ],
    ["something else", "[]", "version: is not a contract that this version of Basin knows"],
    ["incomplete", '{"version":1}', "datasets: is required"],
  ])("is refused when it is %s", (_, text, expected) => {
    writeFileSync(file, text);
    expect(() => readContract(file)).toThrow(InputError);
    expect(() => readContract(file)).toThrow(expected);
  });

  it("is refused when it is not there", () => {
    expect(() => readContract(join(folder, "none.json"))).toThrow("cannot be read");
  });
});
