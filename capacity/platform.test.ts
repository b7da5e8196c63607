import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { FEWEST_SPOT_TYPES } from "./fleets";
import { sizePlatform, type Capacity, type ClusterSize } from "./index";

const settings = (written = {}) => exampleEnvironment("prod", { settings: written }).settings;
const size = (datasets: Dataset[], written = {}): Capacity => sizePlatform(settings(written), datasets);
const derived = (name: string, from: string[], written = {}): Dataset =>
  exampleDataset(name, { source: { kind: "derived", from }, volume: undefined, ...written });

function first(capacity: Capacity): ClusterSize {
  const [cluster] = capacity.clusters;
  if (!cluster) throw new Error("no cluster");
  return cluster;
}

function units(cluster: ClusterSize): number {
  return cluster.core.maxUnits + (cluster.task?.maxUnits ?? 0);
}

describe("a dataset's run", () => {
  it("has the vCPUs that its bytes need within its time", () => {
    // 16 × 22 MB/s over a day = 30.4128 TB; every 8 h, at three times the mean: 30.4128 TB, a whole day's at most.
    // 30.4128 TB ÷ 22 MB a vCPU-second = 1,382,400 vCPU-seconds; × 1.3 ÷ (21,600 s − 60 s) = 83.43.
    const volume = { stored: "1 TB", daily: "30412.8 GB", record: "1 kB" };
    // An account without a vCPU more than that, and the driver's four, keeps it from what would be cheaper.
    const run = size([exampleDataset("rows", { volume })], { spark: { maxVcpus: 88 } }).runs[0];
    expect(run).toMatchObject({
      everySeconds: 28_800,
      runSeconds: 21_600,
      coreSeconds: 1_382_400,
      vcpus: 84,
      executors: 21,
    });
  });

  it("costs twice as much where rows are merged by a key", () => {
    const volume = { stored: "1 TB", daily: "10 TB", record: "1 kB" };
    const [plain, keyed] = [{}, { key: ["id"] }].map(
      (key) => size([exampleDataset("rows", { volume, ...key })]).runs[0],
    );
    expect((keyed?.coreSeconds ?? 0) / (plain?.coreSeconds ?? NaN)).toBeCloseTo(2, 9);
  });

  it("reads the whole of its inputs' tables when it is derived in full, grown by 90 days", () => {
    const input = exampleDataset("input", { volume: { stored: "10 TB", daily: "1 TB", record: "1 kB" } });
    const runs = size([input, derived("output", ["input"])]).runs;
    // CSV becomes 0.35 of its size: (10 + 90 × 1) TB × 0.35 = 35 TB.
    expect(runs.find(({ dataset }) => dataset === "output")?.bytes).toBeCloseTo(35e12, 0);
  });
});

describe("a cluster", () => {
  const large = exampleDataset("large", { volume: { stored: "1 PB", daily: "50 TB", record: "1 kB" } });

  it("has no Spot where the on-demand core carries the run", () => {
    const cluster = first(size([exampleDataset("small")]));
    expect(cluster.task).toBeUndefined();
    // A driver's place and an executor's.
    expect(cluster.core).toMatchObject({ onDemandUnits: 2, spotUnits: 0 });
  });

  it("has a fifth on demand and the rest on Spot, over at least ten types", () => {
    const cluster = first(size([large]));
    expect(cluster.core.onDemandUnits / units(cluster)).toBeCloseTo(0.2, 1);
    expect(cluster.core.spotUnits).toBe(0);
    expect(cluster.task?.onDemandUnits).toBe(0);
    expect(cluster.task?.types.length).toBeGreaterThanOrEqual(FEWEST_SPOT_TYPES);
  });

  it("suits the work that takes most of its time", () => {
    const families = (work: string) =>
      new Set(
        first(size([{ ...large, work } as Dataset])).core.types.map(({ type }) => type.split(".")[0]?.slice(0, 1)),
      );
    expect(families("scan")).toEqual(new Set(["c"]));
    expect(families("shuffle")).toEqual(new Set(["r", "i"]));
    expect(families("iterate")).toEqual(new Set(["r"]));
  });

  it("has one architecture, Graviton where it is allowed", () => {
    const both = first(size([large], { spark: { architectures: ["x86_64", "arm64"] } }));
    expect(both.architecture).toBe("arm64");
    for (const fleet of [both.primary, both.core, both.task]) {
      for (const { type } of fleet?.types ?? []) expect(type).toMatch(/^[a-z]+\d+g/);
    }
  });

  it("follows a person's nodes, and refuses those that leave drivers without an on-demand node", () => {
    const spark = (overrides: object) => ({ spark: { overrides } });
    const cluster = first(size([large], spark({ coreNodes: 20, taskNodes: 40 })));
    const smallest = cluster.core.types[0]?.weight ?? NaN;
    expect(cluster.core.onDemandUnits).toBe(20 * smallest);
    expect(cluster.task?.spotUnits).toBe(40 * smallest);
    expect(() => size([exampleDataset("small")], spark({ coreNodes: 1, instanceTypes: ["m5.xlarge"] }))).toThrow(
      /overrides\.coreNodes.*leaves the drivers of small no on-demand node.*allowed: at least 2/,
    );
  });

  it("is refused where Spot has too few types to choose from", () => {
    expect(() => size([large], { spark: { overrides: { instanceTypes: ["r5.4xlarge"] } } })).toThrow(
      /instanceTypes.*1 instance types, too few for a Spot fleet.*at least 10 types, or spark\.spotShare: 0/,
    );
    const onDemand = first(size([large], { spark: { spotShare: 0, overrides: { instanceTypes: ["r5.4xlarge"] } } }));
    expect(onDemand.task).toBeUndefined();
  });

  it("is refused with families and types that Basin does not know", () => {
    expect(() => size([large], { spark: { families: ["zz9"] } })).toThrow(/families\[0\].*found "zz9"/);
    expect(() => size([large], { spark: { families: ["r6g"] } })).toThrow(/families\[0\].*arm64.*allowed: x86_64/);
    expect(() => size([large], { spark: { overrides: { instanceTypes: ["m5.metal", "c6g.xlarge"] } } })).toThrow(
      /instanceTypes\[0\].*found "m5\.metal"[^]*instanceTypes\[1\].*one cluster has one architecture/,
    );
  });
});

describe("what cannot be", () => {
  it("is refused with what would be possible: a deadline that no cluster keeps", () => {
    const huge = exampleDataset("huge", { volume: { stored: "100 EB", daily: "1 PB", record: "1 kB" } });
    expect(() => size([huge, derived("all", ["huge"])])).toThrow(
      /all\.yaml: freshness: needs [\d,]+ vCPUs.*at most [\d,]+.*allowed: freshness and deadline that leave its step \d+/,
    );
  });

  it("is refused with what would be possible: more vCPUs than the settings allow", () => {
    const large = exampleDataset("large", { volume: { stored: "1 PB", daily: "50 TB", record: "1 kB" } });
    expect(() => size([large], { spark: { maxVcpus: 16 } })).toThrow(/maxVcpus.*found 16; allowed: at least \d+/);
  });

  it("is told for every dataset at once", () => {
    const soon = ["a", "b"].map((name) => exampleDataset(name, { freshness: "5 minutes" }));
    expect(() => size(soon)).toThrow(/a\.yaml: freshness[^]*b\.yaml: freshness/);
  });
});

describe("a retired dataset", () => {
  it("keeps its stream and archive but has no run", () => {
    const capacity = size([exampleStream("old"), exampleDataset("kept")], { retired: { old: "2026-11-01" } });
    expect(capacity.runs.map(({ dataset }) => dataset)).toEqual(["kept"]);
    expect(capacity.archives).toMatchObject([{ dataset: "old", bufferSeconds: 900 }]);
    expect(capacity.streams.map(({ dataset }) => dataset)).toEqual(["old"]);
  });
});
