import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { planPlatform } from "../plan/plan";
import { capacityOf } from "./capacity-json";
import { capacityCommand } from "./command";
import { renderCapacity } from "./text";

describe("the capacity of prod", () => {
  it("has a reason for every size, and shows each", async () => {
    const report = await capacityOf({ stack: "prod", weeks: 2, seed: 1 });
    const text = renderCapacity(report);
    for (const { reason } of [...report.streams, ...report.clusters, ...report.runs, ...report.tables]) {
      expect(text).toContain(reason);
    }
    expect(report).toMatchObject({ version: 1, stack: "prod", simulation: { runs: 2, seed: 1 } });
    expect(report.simulation?.datasets.map(({ dataset }) => dataset)).toEqual(
      report.runs.map(({ dataset }) => dataset),
    );
  });

  it("has no simulation unless one is asked for", async () => {
    expect((await capacityOf({ stack: "dev", seed: 1 })).simulation).toBeNull();
  });

  it("advises at most three changes, the largest saving first", async () => {
    const { advice } = await capacityOf({ stack: "prod", seed: 1 });
    const savings = advice.map(({ monthly }) => monthly);
    expect(savings.length).toBeLessThanOrEqual(3);
    expect(savings).toEqual([...savings].sort((a, b) => b - a));
    for (const saving of savings) expect(saving).toBeGreaterThan(0);
  });

  it("saves what it says: a dataset changed as advised is planned and priced", async () => {
    const { advice, cost } = await capacityOf({ stack: "prod", seed: 1 });
    const advised = advice.find(({ change }) => change.startsWith("delays_by_hour: freshness: 6 hours"));
    const folder = mkdtempSync(join(tmpdir(), "basin-advice-"));
    try {
      cpSync("datasets", folder, { recursive: true });
      const file = join(folder, "delays_by_hour.yaml");
      // The deadline stays as it was: half of the freshness that was declared.
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace("freshness: 3 hours", "freshness: 6 hours\ndeadline: 90 minutes"),
      );
      const changed = await planPlatform({ stack: "prod", datasetsDir: folder });
      const saved = cost.monthly.expected - changed.cost.monthly.expected;
      expect(advised?.monthly).toBeCloseTo(saved, -2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("basin capacity", () => {
  it.each(["0", "-1", "many", "1.5", "100001"])("refuses %s weeks", async (weeks) => {
    const complaints: string[] = [];
    const command = { name: "capacity", summary: "", load: capacityCommand };
    const argv = ["capacity", "--stack", "dev", `--simulate=${weeks}`];
    expect(await run(argv, [command], (line) => complaints.push(line))).toBe(2);
    expect(complaints.join("\n")).toContain("not a whole number; allowed: 1 to 100000");
  });
});
