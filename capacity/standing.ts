import type { Dataset } from "../declarations/dataset";
import { formatBytes, formatDuration } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { executorShape, processSizes } from "./executors";
import { architectureOf, candidateInstances, coreFleet, FEWEST_TASK_UNITS, primaryFleet, taskFleet } from "./fleets";
import { refuseFleet } from "./fleet-refusal";
import { VCPUS_PER_UNIT } from "./instances";
import { ceilUnits } from "./rounding";
import type { FleetSize, Generation, StandingSize } from "./sizes";
import { throughputOf, type Throughputs } from "./throughput";
import { SECONDS_A_DAY, type Work } from "./volume";
import type { ScaledVolume } from "./volumes";
import type { DirectTiming } from "./ways/timing";
import { countOf, everyPeriod } from "./wording";

/** Primary nodes of which one may fail; EMR takes one or three. Source: EMR management guide, "Plan primary nodes". */
const HIGHLY_AVAILABLE = 3;
/** Managed scaling wants so many core nodes, and HDFS then keeps two copies of what it stages. Source: EMR best practices. */
const FEWEST_CORE_NODES = 2;

/** A stream that a standing cluster reads without pause. */
export interface StreamLoad {
  readonly dataset: string;
  readonly work: Work;
  readonly peakVcpus: number;
  readonly meanVcpus: number;
  readonly reason: string;
}

/**
 * vCPUs that keep up with a stream: the bytes of an interval, by what a vCPU works through in what commits leave of it.
 */
export function streamLoad(
  dataset: Dataset,
  volume: ScaledVolume,
  { triggerSeconds, commitSeconds }: Pick<DirectTiming, "triggerSeconds" | "commitSeconds">,
  { spark: { headroom } }: Settings,
  throughputs?: Throughputs,
): StreamLoad {
  const throughput = throughputOf(dataset, throughputs);
  const peak = volume.peak * volume.record;
  const working = triggerSeconds - commitSeconds;
  const needed = (bytesPerSecond: number): number =>
    Math.max(1, ceilUnits((bytesPerSecond * triggerSeconds * (1 + headroom)) / working / throughput.value));
  const peakVcpus = needed(peak);
  return {
    dataset: dataset.name,
    work: dataset.work,
    peakVcpus,
    meanVcpus: needed(volume.daily / SECONDS_A_DAY),
    reason:
      `${dataset.name}: ${formatBytes(peak)}/s at the peak × ${1 + headroom} ÷ ${throughput.value / 1e6} MB a ` +
      `vCPU-second (${throughput.source}, ${throughput.date}), a batch ${everyPeriod(triggerSeconds)} of which commits ` +
      `take ${formatDuration(commitSeconds)}: ${countOf(peakVcpus, "vCPU")}`,
  };
}

/** What the settings say of one standing cluster. */
export interface StandingCluster {
  readonly name: string;
  /** Oldest first. */
  readonly generations: readonly Generation[];
  readonly active: Generation;
}

/**
 * A cluster that stands: what its streams need all the time on demand, what their peaks need on Spot, and in prod three
 * primary nodes. Without streams it has the fewest nodes that EMR scales.
 *
 * @throws InputError for sizes of the settings that would not do.
 */
export function sizeStanding(
  { name, generations, active }: StandingCluster,
  loads: readonly StreamLoad[],
  settings: Settings,
): StandingSize {
  const { spark } = settings;
  const { coreNodes, taskNodes, executorCores } = spark.overrides;
  const cores = executorCores ?? VCPUS_PER_UNIT;
  const executorsFor = (vcpus: (load: StreamLoad) => number): number =>
    loads.reduce((sum, load) => sum + ceilUnits(vcpus(load) / cores), 0);
  const peakExecutors = executorsFor((load) => load.peakVcpus);
  // Each stream is a step that never ends, and has a driver.
  const drivers = Math.max(1, loads.length);

  const rough = ceilUnits((peakExecutors + drivers) * (cores / VCPUS_PER_UNIT));
  const instances = candidateInstances(spark, workOf(loads), Math.max(rough, FEWEST_TASK_UNITS));
  const shape = executorShape(instances, settings);
  const smallest = Math.min(...instances.map(({ weight }) => weight));
  const unitsFor = (executors: number): number => ceilUnits((executors + drivers) / shape.perUnit);
  const floor = Math.max(ceilUnits((drivers + 1) / shape.perUnit), FEWEST_CORE_NODES * smallest);
  const units = unitsFor(peakExecutors);
  const computed = Math.max(floor, ceilUnits(units * (1 - spark.spotShare)));
  const core = coreNodes === undefined ? computed : coreNodes * smallest;
  // There is always room to grow into: to add the first task fleet later would be a change of the cluster.
  const room = spark.spotShare > 0 ? Math.max(units - core, FEWEST_TASK_UNITS) : 0;
  const task = taskNodes === undefined ? room : taskNodes * smallest;
  refuseFleet({ core, task, floor, instances, name, settings });

  const mean = unitsFor(executorsFor((load) => load.meanVcpus));
  const maximum = Math.floor((core + task) * shape.perUnit) - drivers;
  return {
    name,
    generations,
    active,
    datasets: loads.map(({ dataset }) => dataset),
    architecture: architectureOf(spark),
    primary: primaries(primaryFleet(spark, (core + task) / smallest), settings),
    // Its types do not follow its size: EMR cannot change them, and so a larger cluster would be another one.
    core: { ...coreFleet(FEWEST_CORE_NODES * smallest, instances), onDemandUnits: core, maxUnits: core },
    task: taskFleet(task, instances),
    concurrency: drivers,
    ...processSizes(shape, maximum),
    expectedTaskUnits: Math.min(task, Math.max(0, mean - core)),
    reason: [
      ...(loads.length > 0 ? loads.map(({ reason }) => reason) : ["no stream is read directly: the fewest nodes"]),
      shape.reason,
      `${core * VCPUS_PER_UNIT} vCPUs on demand${coreNodes === undefined ? "" : " (overridden)"}, ` +
        `up to ${task * VCPUS_PER_UNIT} more on Spot${taskNodes === undefined ? "" : " (overridden)"}`,
      ...(settings.environment === "prod" ? ["three primary nodes, of which one may fail"] : []),
    ].join("; "),
  };
}

function workOf(loads: readonly StreamLoad[]): Work {
  return (
    loads.reduce<StreamLoad | undefined>((a, b) => (a && a.peakVcpus >= b.peakVcpus ? a : b), undefined)?.work ?? "scan"
  );
}

/** EMR makes all three primary nodes of one type, so there is one to choose from. */
function primaries(single: FleetSize, { environment }: Settings): FleetSize {
  if (environment !== "prod") return single;
  return { ...single, onDemandUnits: HIGHLY_AVAILABLE, maxUnits: HIGHLY_AVAILABLE, types: single.types.slice(0, 1) };
}
