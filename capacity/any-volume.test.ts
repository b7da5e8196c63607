import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { MOST_NODES } from "./fleets";
import { sizePlatform, type Capacity, type ClusterSize, type FleetSize } from "./index";

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

/** Bytes over ten orders of magnitude. */
const exponent = fc.double({ min: 6, max: 16, noNaN: true });
const bytes = (power: number): string => `${Math.round(10 ** power)} B`;
const hours = fc.integer({ min: 2, max: 200 });

function example(daily: number, freshness: number, { stream = false, work = "scan" } = {}): Dataset[] {
  const written = {
    volume: { stored: bytes(daily + 1), daily: bytes(daily), record: "1 kB" },
    freshness: `${freshness} hours`,
    work,
  };
  const source = stream ? exampleStream("rows", written) : exampleDataset("rows", written);
  return [source, derived("sums", ["rows"], { freshness: `${2 * freshness} hours` })];
}

describe("any volume", () => {
  it("gives fleets within EMR's limits and executors within their nodes, or is refused", () => {
    fc.assert(
      fc.property(
        exponent,
        hours,
        fc.boolean(),
        fc.constantFrom("scan", "shuffle", "iterate"),
        (daily, fresh, stream, work) => {
          const capacity = sized(example(daily, fresh, { stream, work }));
          if (!capacity) return;
          for (const cluster of capacity.clusters) {
            for (const fleet of [cluster.primary, cluster.core, cluster.task]) if (fleet) fleetHolds(fleet);
            for (const cadence of cluster.cadences) {
              const places = cadence.core.maxUnits + (cadence.task?.maxUnits ?? 0);
              expect(cadence.executors + cadence.concurrency).toBeLessThanOrEqual(places);
              expect(cadence.core.onDemandUnits).toBeGreaterThan(cadence.concurrency);
            }
          }
          for (const number of numbersIn(capacity)) expect(number).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("never has fewer machines, shards or partitions when there is more of it", () => {
    fc.assert(
      fc.property(exponent, fc.double({ min: 0, max: 2, noNaN: true }), hours, (daily, more, fresh) => {
        const [less, greater] = [daily, daily + more].map((each) => sized(example(each, fresh, { stream: true })));
        if (!less || !greater) return;
        expect(units(first(greater))).toBeGreaterThanOrEqual(units(first(less)));
        expect(greater.streams[0]?.shards).toBeGreaterThanOrEqual(less.streams[0]?.shards ?? NaN);
        greater.tables.forEach((table, index) => {
          expect(table.targetFileBytes).toBeGreaterThanOrEqual(less.tables[index]?.targetFileBytes ?? NaN);
          expect(table.shufflePartitions).toBeGreaterThanOrEqual(less.tables[index]?.shufflePartitions ?? NaN);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("never has fewer machines when the deadline is tighter", () => {
    fc.assert(
      fc.property(exponent, fc.integer({ min: 10, max: 300 }), fc.integer({ min: 3, max: 300 }), (daily, a, b) => {
        const [tight, loose] = [Math.min(a, b), Math.max(a, b)].map((minutes) =>
          sized([
            exampleDataset("rows", {
              volume: { stored: "0 B", daily: bytes(daily), record: "1 kB" },
              deadline: `${minutes} minutes`,
            }),
          ]),
        );
        if (!tight || !loose) return;
        expect(units(first(tight))).toBeGreaterThanOrEqual(units(first(loose)));
      }),
      { numRuns: 150 },
    );
  });

  it("costs the same on the same machines, whatever the deadline that they follow from", () => {
    const at = (minutes: number): ClusterSize => {
      const volume = { stored: "0 B", daily: "316 GB", record: "1 kB" };
      return first(size([exampleDataset("rows", { volume, deadline: `${minutes} minutes` })]));
    };
    const [tight, loose] = [at(300), at(350)];
    expect(units(tight)).toBe(units(loose));
    expect(tight.cadences[0]?.expectedSeconds).toBe(loose.cadences[0]?.expectedSeconds);
  });

  it("is the same as the scaled one: a tenth of the volume is volumeScale 0.1", () => {
    const whole = size(example(13, 12, { stream: true }), { volumeScale: 0.1 });
    const tenth = size(example(12, 12, { stream: true }));
    expect(whole.runs.map(({ vcpus }) => vcpus)).toEqual(tenth.runs.map(({ vcpus }) => vcpus));
    expect(whole.streams[0]?.shards).toBe(tenth.streams[0]?.shards);
  });

  it("of 10,000 datasets is sized whole", () => {
    const datasets = Array.from({ length: 5_000 }, (_, index) => [
      exampleDataset(`in${index}`),
      derived(`out${index}`, [`in${index}`]),
    ]).flat();
    expect(size(datasets).runs).toHaveLength(10_000);
  });
});

/** Every number in a value; what is not finite comes as -1. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [Number.isFinite(value) ? value : -1];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(numbersIn) : [];
}

/** Undefined where no cluster could keep the promise, which is told and not sized. */
function sized(datasets: Dataset[]): Capacity | undefined {
  try {
    return size(datasets);
  } catch (error) {
    expect(String(error)).toMatch(/allowed: /);
    return undefined;
  }
}

function fleetHolds({ types, onDemandUnits, spotUnits, maxUnits }: FleetSize): void {
  expect(types.length).toBeGreaterThan(0);
  expect(types.length).toBeLessThanOrEqual(30);
  expect(onDemandUnits + spotUnits).toBe(maxUnits);
  expect(maxUnits / Math.min(...types.map(({ weight }) => weight))).toBeLessThanOrEqual(MOST_NODES);
}
