import { formatDuration, type Seconds } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { CLUSTER_START, STEP_START } from "./cadence";
import { executorShape, processSizes, type ExecutorShape } from "./executors";
import { architectureOf, candidateInstances, coreFleet, primaryFleet, splitUnits, taskFleet } from "./fleets";
import { refuseFleet } from "./fleet-refusal";
import type { Group } from "./groups";
import { VCPUS_PER_UNIT, type Instance } from "./instances";
import { ceilUnits } from "./rounding";
import type { RunLoad } from "./runs";
import { spillOf } from "./spill";
import type { CadenceSize, ClusterSize, RunSize } from "./sizes";
import type { Work } from "./volume";
import { everyPeriod } from "./wording";

/** Heavier needs last: the group's nodes suit the work that takes most of its vCPU-seconds. */
const WORK_ORDER: readonly Work[] = ["scan", "shuffle", "iterate"];

/** Steps that a cluster runs side by side; more of a level wait. Source: RunJobFlow, `StepConcurrencyLevel`. */
const MOST_CONCURRENT_STEPS = 256;

export interface Cadence {
  readonly everySeconds: number;
  readonly loads: readonly RunLoad[];
  /** The most executors that its levels need side by side. */
  readonly executors: number;
  /** The most steps, and so drivers, that a level has side by side. */
  readonly concurrency: number;
}

/** The cluster of a group, and each of its runs with its executors. */
export function sizeCluster(
  group: Group,
  loads: readonly RunLoad[],
  settings: Settings,
  offsetSeconds: Seconds = 0,
): { readonly cluster: ClusterSize; readonly runs: readonly RunSize[] } {
  const { spark } = settings;
  const work = dominantWork(group, loads);
  const cores = spark.overrides.executorCores ?? VCPUS_PER_UNIT;
  const executorsOf = (load: RunLoad): number => ceilUnits(load.vcpus / cores);
  const cadences = cadencesOf(loads, executorsOf);

  const roughUnits = (cadence: Cadence): number =>
    ceilUnits((cadence.executors + cadence.concurrency) * (cores / VCPUS_PER_UNIT));
  const instances = cadences.map((each) => candidateInstances(spark, work, roughUnits(each)));
  const shape = executorShape(distinct(instances.flat()), settings);
  const sized = cadences.map((cadence, index) => ({
    ...sizeCadence(cadence, instances[index] ?? [], shape, group, settings),
    offsetSeconds,
  }));
  const largest = sized.reduce((most, next) => (units(next) > units(most) ? next : most));
  const maximum = Math.max(...sized.map((each) => each.executors));
  const spill = spillOf(levelsOf(loads, group), units(largest), distinct(instances.flat()));

  const cluster: ClusterSize = {
    name: group.name,
    datasets: group.datasets.map(({ name }) => name),
    architecture: architectureOf(spark),
    primary: largest.primary,
    core: largest.core,
    task: largest.task,
    ...processSizes(shape, maximum),
    cadences: sized,
    reason: `${work} nodes; ${shape.reason}; ${spill.reason}; ${sized.map((each) => cadenceReason(each)).join("; ")}`,
  };
  return { cluster, runs: loads.map((load) => ({ ...load, executors: executorsOf(load) })) };
}

/** What each level's steps read, and how much of it they shuffle. */
function levelsOf(loads: readonly RunLoad[], { datasets }: Group): { bytes: number; work: Work }[][] {
  const works = new Map(datasets.map(({ name, work }) => [name, work]));
  const levels = [...byLevel(loads).values()];
  return levels.map((level) => level.map(({ dataset, bytes }) => ({ bytes, work: works.get(dataset) ?? "scan" })));
}

function dominantWork(group: Group, loads: readonly RunLoad[]): Work {
  const seconds = (work: Work): number => {
    const names = new Set(group.datasets.filter((dataset) => dataset.work === work).map(({ name }) => name));
    return loads
      .filter((load) => names.has(load.dataset))
      .reduce((sum, load) => sum + load.coreSeconds / load.everySeconds, 0);
  };
  return WORK_ORDER.reduce((most, next) => (seconds(next) >= seconds(most) && seconds(next) > 0 ? next : most));
}

/** One cadence for each period: at its times, everything runs that is due as often or more often. */
function cadencesOf(loads: readonly RunLoad[], executorsOf: (load: RunLoad) => number): Cadence[] {
  const everies = [...new Set(loads.map((load) => load.everySeconds))].sort((a, b) => a - b);
  return everies.map((everySeconds) => {
    const due = loads.filter((load) => load.everySeconds <= everySeconds);
    const levels = [...byLevel(due).values()];
    const needs = levels.map((level) => level.reduce((sum, load) => sum + executorsOf(load), 0));
    const concurrency = Math.min(MOST_CONCURRENT_STEPS, Math.max(...levels.map((level) => level.length)));
    return { everySeconds, loads: due, executors: Math.max(...needs), concurrency };
  });
}

function sizeCadence(
  cadence: Cadence,
  instances: readonly Instance[],
  shape: ExecutorShape,
  group: Group,
  settings: Settings,
): Omit<CadenceSize, "offsetSeconds"> {
  const { spark } = settings;
  const { concurrency } = cadence;
  // Each driver takes an executor's place on an on-demand node, so that losing Spot never loses a job.
  const floor = ceilUnits((concurrency + 1) / shape.perUnit);
  const computed = splitUnits(ceilUnits((cadence.executors + concurrency) / shape.perUnit), floor, spark);
  const smallest = Math.min(...instances.map((each) => each.weight));
  const { coreNodes, taskNodes } = spark.overrides;
  const core = coreNodes === undefined ? computed.core : coreNodes * smallest;
  const task = taskNodes === undefined ? computed.task : taskNodes * smallest;
  refuseFleet({ core, task, floor, instances, name: group.name, settings, run: { group, cadence } });

  const levels = [...byLevel(cadence.loads).values()];
  const longest = levels.reduce((sum, level) => sum + Math.max(...level.map((load) => load.runSeconds)), CLUSTER_START);
  const cores = spark.overrides.executorCores ?? VCPUS_PER_UNIT;
  const expected = levels.reduce(
    (sum, level) => sum + Math.max(...level.map((load) => expectedSeconds(load, cores))),
    CLUSTER_START,
  );
  return {
    name: formatDuration(cadence.everySeconds).replace(" ", "-"),
    everySeconds: cadence.everySeconds,
    datasets: cadence.loads.map((load) => load.dataset),
    primary: primaryFleet(spark, (core + task) / smallest),
    core: coreFleet(core, instances),
    task: taskFleet(task, instances),
    concurrency,
    executors: Math.floor((core + task) * shape.perUnit) - concurrency,
    longestSeconds: longest,
    expectedSeconds: Math.round(expected),
  };
}

/** A step's time at the mean rate on the whole executors that the peak asked for. */
function expectedSeconds(load: RunLoad, cores: number): number {
  const share = load.bytes === 0 ? 0 : load.meanBytes / load.bytes;
  return STEP_START + (load.coreSeconds * share) / (ceilUnits(load.vcpus / cores) * cores);
}

function byLevel(loads: readonly RunLoad[]): ReadonlyMap<number, readonly RunLoad[]> {
  const levels = new Map<number, RunLoad[]>();
  for (const load of loads) levels.set(load.level, [...(levels.get(load.level) ?? []), load]);
  return levels;
}

function units(cadence: CadenceSize): number {
  return cadence.core.maxUnits + (cadence.task?.maxUnits ?? 0);
}

function distinct(instances: readonly Instance[]): Instance[] {
  return [...new Map(instances.map((each) => [each.type, each])).values()];
}

function cadenceReason(cadence: CadenceSize): string {
  const spot = cadence.task
    ? `, ${cadence.task.spotUnits * VCPUS_PER_UNIT} on Spot`
    : ", none on Spot: too small to gain by it";
  const late =
    cadence.offsetSeconds === 0
      ? ""
      : ` at ${formatDuration(cadence.offsetSeconds)} past, when what it reads has ended:`;
  return (
    `${everyPeriod(cadence.everySeconds)}${late} ${cadence.datasets.join(", ")} on ` +
    `${cadence.core.onDemandUnits * VCPUS_PER_UNIT} vCPUs on demand${spot}`
  );
}
