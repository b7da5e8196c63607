import type { Fault } from "../declarations/faults";
import type { SparkSettings } from "../components/spark-cluster/settings";
import { FAMILIES, instance, parseInstance, type Instance } from "./instances";
import type { Architecture, FleetSize, WeightedType } from "./sizes";
import { ceilUnits } from "./rounding";
import type { Work } from "./volume";

/** Fewer types than this make a Spot fleet that one pool's shortage can empty. Source: EMR best practices for Spot. */
export const FEWEST_SPOT_TYPES = 10;
/** A fleet with an allocation strategy takes at most so many types. Source: EMR management guide. */
const MOST_TYPES = 30;
/** Below this, Spot saves less than the types' granularity costs: the on-demand core carries all. */
export const FEWEST_TASK_UNITS = 8;
/** Active instances of one EMR instance group. Source: EMR service quotas; AWS raises it on request. */
export const MOST_NODES = 2_000;

/** What each kind of work is bound by: cores, local disk for shuffle files, or memory for what is kept between rounds. */
const WORK_FAMILIES: Readonly<Record<Work, Readonly<Record<Architecture, readonly string[]>>>> = {
  scan: { x86_64: ["c7i", "c6i", "c5"], arm64: ["c8g", "c7g", "c6g"] },
  shuffle: { x86_64: ["r5d", "i4i", "i3en"], arm64: ["r7gd", "r6gd", "x2gd"] },
  iterate: { x86_64: ["r7i", "r6i", "r5"], arm64: ["r8g", "r7g", "r6g"] },
};
const PRIMARY_FAMILIES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ["m7i", "m6i", "m5"],
  arm64: ["m8g", "m7g", "m6g"],
};

/** Small nodes for small fleets, large nodes for large ones: fewer nodes to manage, more of each for executors. */
export const SIZE_CLASSES = [
  { upToUnits: 32, weights: [1, 2, 4, 8] },
  { upToUnits: 512, weights: [2, 4, 8, 12] },
  { upToUnits: Infinity, weights: [4, 8, 12, 16, 24] },
] as const;

/** Graviton where it is allowed, because it is cheaper; never both in one cluster, whose nodes share one environment. */
export function architectureOf(spark: Pick<SparkSettings, "architectures">): Architecture {
  return spark.architectures.includes("arm64") ? "arm64" : "x86_64";
}

/** Instances for a cluster of `units`, preferred first: the overrides', else those of the families that suit the work. */
export function candidateInstances(spark: SparkSettings, work: Work, units: number): Instance[] {
  const overrides = spark.overrides.instanceTypes;
  if (overrides) return overrides.flatMap((type) => parseInstance(type) ?? []).slice(0, MOST_TYPES);
  const architecture = architectureOf(spark);
  const families = spark.families ?? WORK_FAMILIES[work][architecture];
  const { weights } = SIZE_CLASSES.find((each) => units <= each.upToUnits) ?? SIZE_CLASSES[2];
  return families
    .flatMap((family) => weights.flatMap((weight) => instance(family, weight) ?? []))
    .filter((each) => each.architecture === architecture)
    .slice(0, MOST_TYPES);
}

/** Splits a run's units into the on-demand core and the Spot task fleet. `floor` units the core has in any case. */
export function splitUnits(units: number, floor: number, spark: SparkSettings): { core: number; task: number } {
  const core = Math.max(floor, ceilUnits(units * (1 - spark.spotShare)));
  const task = Math.max(0, units - core);
  return task < FEWEST_TASK_UNITS ? { core: Math.max(core, units), task: 0 } : { core, task };
}

/** The smallest fleet that has Spot nodes; Infinity where none may have. */
export function leastUnitsWithSpot({ spotShare }: Pick<SparkSettings, "spotShare">): number {
  return spotShare > 0 ? ceilUnits(FEWEST_TASK_UNITS / spotShare) : Infinity;
}

/** The core fleet: on-demand only. Types heavier than half the fleet are left out, so that it has at least two nodes. */
export function coreFleet(units: number, instances: readonly Instance[]): FleetSize {
  const heaviest = Math.max(Math.floor(units / 2), Math.min(...instances.map((each) => each.weight)));
  const types = weighted(instances.filter((each) => each.weight <= heaviest));
  return { onDemandUnits: units, spotUnits: 0, maxUnits: units, types };
}

/** The task fleet: Spot only, over every type; EMR turns to on-demand when Spot is not to be had at the launch. */
export function taskFleet(units: number, instances: readonly Instance[]): FleetSize | undefined {
  if (units === 0) return undefined;
  return { onDemandUnits: 0, spotUnits: units, maxUnits: units, types: weighted(instances) };
}

/** The primary node: YARN's resource manager grows with the nodes that it looks after. */
export function primaryFleet(spark: SparkSettings, nodes: number): FleetSize {
  const architecture = architectureOf(spark);
  const weight = nodes <= 50 ? 1 : nodes <= 500 ? 4 : 8;
  const families = spark.families?.filter((family) => FAMILIES[family]?.architecture === architecture) ?? [];
  const chosen = families.length > 0 ? families : PRIMARY_FAMILIES[architecture];
  const instances = chosen.flatMap((family) => instance(family, weight) ?? []);
  // One node is one unit, whatever its size: the primary fleet's target is 1.
  return {
    onDemandUnits: 1,
    spotUnits: 0,
    maxUnits: 1,
    types: weighted(instances).map((each) => ({ ...each, weight: 1 })),
  };
}

function weighted(instances: readonly Instance[]): WeightedType[] {
  return instances.map(({ type, weight }) => ({ type, weight }));
}

/** What is wrong with the machines that the settings ask for. */
export function fleetFaults(spark: SparkSettings, where: string): Fault[] {
  const faults: Fault[] = [];
  const known = Object.keys(FAMILIES).join(", ");
  const architecture = architectureOf(spark);
  spark.families?.forEach((family, index) => {
    const key = `config.basin:spark.families[${index}]`;
    const found = FAMILIES[family];
    if (!found)
      faults.push({
        where,
        key,
        message: "is not a family that Basin has sizes and prices for",
        found: family,
        allowed: known,
      });
    else if (!spark.architectures.includes(found.architecture)) {
      const message = `is ${found.architecture}, which spark.architectures does not allow`;
      faults.push({ where, key, message, found: family, allowed: spark.architectures.join(", ") });
    }
  });
  spark.overrides.instanceTypes?.forEach((type, index) => {
    const key = `config.basin:spark.overrides.instanceTypes[${index}]`;
    const found = parseInstance(type);
    if (!found) {
      const allowed = `sizes xlarge to 16xlarge of ${known}`;
      faults.push({
        where,
        key,
        message: "is not an instance type that Basin has sizes and prices for",
        found: type,
        allowed,
      });
    } else if (found.architecture !== architecture) {
      const message = `is ${found.architecture}, and one cluster has one architecture`;
      faults.push({ where, key, message, found: type, allowed: `types of ${architecture}` });
    }
  });
  return faults;
}
