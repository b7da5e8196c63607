import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAMILIES, parseInstance } from "../../capacity/instances";
import { sizePlatform, type ClusterSize, type StandingSize } from "../../capacity/index";
import { InputError } from "../../declarations/faults";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { clusterSpec, runSpecs, type ClusterSpec } from "./spec";

/** Limits of EMR: types of a fleet with an allocation strategy, and steps side by side. */
const MOST_TYPES = 30;
const MOST_STEPS = 256;
/** EMR best practices for Spot. */
const FEWEST_SPOT_TYPES = 10;

interface Written {
  readonly stack: "dev" | "prod";
  readonly spark: object;
  readonly dataset: { readonly isStream: boolean; readonly written: Readonly<Record<string, unknown>> };
}

const machines = fc.constantFrom("x86_64", "arm64").chain((architecture) => {
  const known = Object.keys(FAMILIES).filter((name) => FAMILIES[name]?.architecture === architecture);
  return fc.subarray(known, { minLength: 1 }).map((families) => ({ architectures: [architecture], families }));
});
const anySettings: fc.Arbitrary<Written> = fc.record({
  stack: fc.constantFrom("dev" as const, "prod" as const),
  spark: fc
    .tuple(
      fc.option(machines, { nil: {} }),
      fc.record({
        spotShare: fc.double({ min: 0, max: 1, noNaN: true }),
        headroom: fc.double({ min: 0, max: 2, noNaN: true }),
        overrides: fc.record(
          { coreNodes: fc.integer({ min: 1, max: 40 }), executorCores: fc.integer({ min: 1, max: 8 }) },
          { requiredKeys: [] },
        ),
      }),
    )
    .map(([chosen, others]) => ({ ...chosen, ...others })),
  dataset: fc
    .tuple(
      fc.boolean(),
      fc.double({ min: 6, max: 15, noNaN: true }),
      fc.constantFrom("scan", "shuffle", "iterate"),
      fc.integer({ min: 2, max: 48 }),
    )
    .map(([isStream, power, work, hours]) => ({
      isStream,
      written: {
        work,
        freshness: `${hours} hours`,
        volume: { stored: "1 TB", daily: `${Math.round(10 ** power)} B`, record: "1 kB" },
      },
    })),
});

type Sized = Pick<ClusterSize | StandingSize, "executors" | "driver">;

/** Every cluster of a stack; undefined where its settings are refused. */
function clustersOf({ stack, spark, dataset }: Written): { spec: ClusterSpec; size: Sized }[] | undefined {
  const datasets = [(dataset.isStream ? exampleStream : exampleDataset)("rows", dataset.written)];
  const standing = { live: { generations: ["blue"], active: "blue" } };
  const without = exampleEnvironment(stack, { datasets, settings: { spark: { ...spark, standing } } });
  try {
    const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
    return [
      ...environment.capacity.clusters.flatMap((size) =>
        Object.values(runSpecs(environment, size)).map((spec) => ({ spec, size })),
      ),
      ...environment.capacity.standing.map((size) => ({
        spec: clusterSpec(environment, { kind: "standing", size, generation: "blue" }),
        size,
      })),
    ];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

describe("any settings that are accepted", () => {
  it("give fleets within EMR's limits and executors that fit every node", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anySettings, (written) => {
        const clusters = clustersOf(written);
        if (!clusters) return;
        accepted++;
        for (const { spec, size } of clusters) {
          expectFleets(spec);
          expectMemory(spec, size);
        }
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

function expectFleets({ fleets, scaling, concurrency }: ClusterSpec): void {
  const [primary, core, task] = fleets;
  expect([primary?.TargetSpotCapacity, core?.TargetSpotCapacity, task?.TargetOnDemandCapacity ?? 0]).toEqual([0, 0, 0]);
  expect(concurrency).toBeLessThanOrEqual(MOST_STEPS);
  for (const { InstanceTypeConfigs: types, LaunchSpecifications: launch } of fleets) {
    expect(types.length).toBeGreaterThanOrEqual(1);
    expect(types.length).toBeLessThanOrEqual(MOST_TYPES);
    expect(new Set(types.map(({ InstanceType }) => InstanceType)).size).toBe(types.length);
    expect(launch.OnDemandSpecification.AllocationStrategy).toBe("lowest-price");
  }
  if (task === undefined) {
    expect(scaling).toBeUndefined();
    return;
  }
  expect(task.InstanceTypeConfigs.length).toBeGreaterThanOrEqual(FEWEST_SPOT_TYPES);
  expect(task.LaunchSpecifications.SpotSpecification?.AllocationStrategy).toBe("price-capacity-optimized");
  const limits = scaling?.ComputeLimits;
  expect(limits?.MaximumCoreCapacityUnits).toBe(limits?.MaximumOnDemandCapacityUnits);
  expect(limits?.MaximumOnDemandCapacityUnits).toBe(core?.TargetOnDemandCapacity);
}

function expectMemory({ fleets, concurrency }: ClusterSpec, { executors, driver }: Sized): void {
  const place = executors.memoryMiB + executors.memoryOverheadMiB;
  expect(driver.memoryMiB + driver.memoryOverheadMiB).toBeLessThanOrEqual(place);
  // A driver for each step and an executor beside them have a place on demand, whichever types EMR takes.
  const placesOf = (type: string, weight: number): number =>
    Math.floor((parseInstance(type)?.vcpus ?? 0) / executors.cores) / weight;
  const core = fleets[1];
  const perUnit = Math.min(
    ...(core?.InstanceTypeConfigs.map((each) => placesOf(each.InstanceType, each.WeightedCapacity)) ?? []),
  );
  expect((core?.TargetOnDemandCapacity ?? 0) * perUnit).toBeGreaterThanOrEqual(concurrency + 1 - 1e-9);
  for (const { InstanceType } of fleets.slice(1).flatMap(({ InstanceTypeConfigs }) => InstanceTypeConfigs)) {
    const node = parseInstance(InstanceType);
    expect(node, InstanceType).toBeDefined();
    if (!node) continue;
    const executorsOnIt = Math.floor(node.vcpus / executors.cores);
    expect(executorsOnIt, InstanceType).toBeGreaterThanOrEqual(1);
    expect(place * executorsOnIt, InstanceType).toBeLessThanOrEqual(node.yarnMiB);
  }
}
