import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readCalibration } from "../../capacity/calibration-file";
import { DEFAULT_THROUGHPUTS } from "../../capacity/throughput";
import { decide } from "../../stacks/program";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { run } from "../run";
import { capacityOf } from "./capacity-json";
import { capacityCommand } from "./command";

const folder = mkdtempSync(join(tmpdir(), "basin-calibration-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "calibration.json");
const measured = { version: 1, date: "2026-11-29", source: "SF1 on a laptop", bytesPerVcpuSecond: {} };
const write = (content: unknown): void => writeFileSync(file, JSON.stringify(content));

describe("a calibration", () => {
  it("gives the kinds of jobs that it measured their bytes a vCPU-second, and leaves the others their defaults", () => {
    write({ ...measured, bytesPerVcpuSecond: { ingest: { scan: 5e6 } } });
    const { ingest, derive } = readCalibration(file);
    expect(ingest.scan).toEqual({ value: 5e6, date: "2026-11-29", source: "SF1 on a laptop" });
    expect(ingest.shuffle).toEqual(DEFAULT_THROUGHPUTS.ingest.shuffle);
    expect(derive).toEqual(DEFAULT_THROUGHPUTS.derive);
  });

  it("of half the throughput has runs of twice the work, says so in their reasons, and costs more", async () => {
    const half = (kinds: typeof DEFAULT_THROUGHPUTS.ingest): object =>
      Object.fromEntries(Object.entries(kinds).map(([kind, { value }]) => [kind, value / 2]));
    const { ingest, derive } = DEFAULT_THROUGHPUTS;
    write({ ...measured, bytesPerVcpuSecond: { ingest: half(ingest), derive: half(derive) } });
    const before = await capacityOf({ stack: "dev", seed: 1 });
    const after = await capacityOf({ stack: "dev", seed: 1, throughputs: readCalibration(file) });
    after.runs.forEach((each, index) => {
      expect(each.coreSeconds).toBeCloseTo(2 * (before.runs[index]?.coreSeconds ?? NaN), 6);
      expect(each.reason).toContain("SF1 on a laptop, 2026-11-29");
    });
    expect(after.cost.monthly.expected).toBeGreaterThan(before.cost.monthly.expected);
  });

  it("that a stack names is what it is sized with, from the repository's root", () => {
    write({ ...measured, bytesPerVcpuSecond: { ingest: { scan: 5e6, shuffle: 5e6 } } });
    const decided = (spark: object) =>
      decide(
        exampleEnvironment("dev", { settings: { spark } }).settings,
        { datasets: [exampleDataset("rows")], faults: [], complete: true },
        { root: folder },
      );
    const { capacity, throughputs } = decided({ calibration: "calibration.json" });
    expect(throughputs?.ingest.scan.value).toBe(5e6);
    expect(capacity.runs[0]?.reason).toContain("SF1 on a laptop, 2026-11-29");
    expect(() => decided({ calibration: "none.json" })).toThrow(/none\.json: cannot be read/);
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", "is not JSON; allowed: what bench/throughput.ts writes"],
    ["another version", JSON.stringify({ ...measured, version: 2 }), "version"],
    ["a rate of zero", JSON.stringify({ ...measured, bytesPerVcpuSecond: { ingest: { scan: 0 } } }), "ingest.scan"],
    ["an unknown kind", JSON.stringify({ ...measured, bytesPerVcpuSecond: { ingest: { sort: 1 } } }), "sort"],
  ])("is refused when it is %s, with exit code 2", async (_, text, expected) => {
    writeFileSync(file, text);
    const complaints: string[] = [];
    const command = { name: "capacity", summary: "", load: capacityCommand };
    const argv = ["capacity", "--stack", "dev", "--calibration", file];
    expect(await run(argv, [command], (line) => complaints.push(line))).toBe(2);
    expect(complaints.join("\n")).toContain(expected);
  });
});
