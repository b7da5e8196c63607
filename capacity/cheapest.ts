import { InputError } from "../declarations/faults";
import type { Seconds } from "../declarations/units";
import type { SparkSettings } from "../components/spark-cluster/settings";
import type { Settings } from "../stacks/settings";
import { choosingScope, monthlyOfCluster } from "./bill/run-cost";
import { CLUSTER_START, STEP_START } from "./cadence";
import { sizeCluster } from "./clusters";
import { FEWEST_TASK_UNITS, leastUnitsWithSpot, SIZE_CLASSES } from "./fleets";
import type { Group } from "./groups";
import { VCPUS_PER_UNIT } from "./instances";
import { ceilUnits } from "./rounding";
import type { RunLoad } from "./runs";
import type { ClusterSize, RunSize } from "./sizes";
import { formatNumber } from "./wording";

/** A group's cluster and its runs, and what they cost a month. */
interface Sized {
  readonly cluster: ClusterSize;
  readonly runs: readonly RunSize[];
  /** Executors of its largest step: what the search goes along. */
  readonly executors: number;
  /** USD. */
  readonly monthly: number;
}

/** From one candidate to the next: fine enough that what lies between is within a hundredth of the cost. */
const STRIDE = 1.06;
/** Larger nodes are fewer disks and metrics, a few hundredths of the cost: not worth a larger fleet than that. */
const NEAR = 1.1;

/**
 * The cheapest cluster on which a group's steps are done in time. The loads ask for the fewest vCPUs that do; more may
 * cost less, for a run is over sooner while its start takes the same, and a larger one may have Spot nodes. Costs fall
 * and then rise along the size, anew from each size at which fleets change, so the search starts from all of these.
 *
 * @throws InputError for sizes of the settings that would not do.
 */
export function cheapestCluster(
  group: Group,
  loads: readonly RunLoad[],
  settings: Settings,
  offsetSeconds: Seconds,
): { readonly cluster: ClusterSize; readonly runs: readonly RunSize[] } {
  const { coreNodes, taskNodes, executorCores } = settings.spark.overrides;
  const cores = executorCores ?? VCPUS_PER_UNIT;
  const fewest = Math.max(...loads.map(({ vcpus }) => ceilUnits(vcpus / cores)));
  const scope = choosingScope(settings);
  const size = (executors: number, asked: readonly RunLoad[]): Sized => {
    const sized = sizeCluster(group, asked, settings, offsetSeconds);
    return { ...sized, executors, monthly: monthlyOfCluster(scope, sized.cluster, sized.runs) };
  };
  const larger = (executors: number): Sized | undefined =>
    ifMade(() =>
      size(
        executors,
        loads.map((load) => withFactor(load, executors / fewest, cores)),
      ),
    );
  const least = size(fewest, loads);
  // Who writes down how many nodes there are has decided.
  if (coreNodes !== undefined || taskNodes !== undefined || isAlmostAllStart(least, loads)) return least;
  const cheapest = [least, ...leastWithSpot(least, settings).flatMap((executors) => larger(executors) ?? [])]
    .map((start) => downhill(start, larger, settings.spark))
    .reduce((best, next) => (next.monthly < best.monthly ? next : best));
  return cheapest === least ? least : { ...cheapest, cluster: withReason(cheapest, least) };
}

/** Runs of a few nodes that hardly work when they have started: on more of them there is nothing to gain. */
function isAlmostAllStart({ cluster }: Sized, loads: readonly RunLoad[]): boolean {
  const levels = new Set(loads.map(({ level }) => level)).size;
  const started = (CLUSTER_START + levels * STEP_START) * 1.05;
  return cluster.cadences.every(
    ({ core, task, expectedSeconds }) => !task && core.maxUnits < FEWEST_TASK_UNITS / 2 && expectedSeconds <= started,
  );
}

/** Undefined for sizes that EMR would not make. */
function ifMade(size: () => Sized): Sized | undefined {
  try {
    return size();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Executors from which the fleets have Spot, if that is more than the fewest. */
function leastWithSpot({ executors, cluster }: Sized, { spark }: Settings): number[] {
  const drivers = driversOf(cluster);
  const start = Math.max(leastUnitsWithSpot(spark), drivers + 1 + FEWEST_TASK_UNITS) - drivers;
  return start > executors && start < Infinity ? [start] : [];
}

/** Larger and larger as long as that is cheaper, if need be over a step that costs before it saves. */
function downhill(
  start: Sized,
  larger: (executors: number) => Sized | undefined,
  spark: Pick<SparkSettings, "spotShare">,
): Sized {
  let best = start;
  for (;;) {
    const { executors, cluster, monthly } = best;
    const next = [
      Math.max(executors + 1, Math.round(executors * STRIDE)),
      ...fullShareFrom(executors, cluster, spark),
      ...largerNodesFrom(executors, cluster),
    ];
    const cheaper = next.flatMap((each) => larger(each) ?? []).find((each) => each.monthly < monthly);
    if (!cheaper) return best;
    best = cheaper;
  }
}

/** Executors with which the on-demand core is a whole share of the fleet: one more of it may have four more on Spot. */
function fullShareFrom(
  executors: number,
  cluster: ClusterSize,
  { spotShare }: Pick<SparkSettings, "spotShare">,
): number[] {
  if (!cluster.task || spotShare >= 1) return [];
  const drivers = driversOf(cluster);
  const units = executors + drivers;
  // The first size at which the core has another node is more on demand; the last with so large a core is the next step.
  const core = ceilUnits((units + 1) * (1 - spotShare));
  return [Math.floor((core / (1 - spotShare)) * (1 + 1e-9)) - drivers];
}

/** Executors at which nodes are of the next larger sizes, where that is near: fewer nodes are fewer disks and metrics. */
function largerNodesFrom(executors: number, cluster: ClusterSize): number[] {
  return SIZE_CLASSES.map(({ upToUnits }) => upToUnits + 1 - driversOf(cluster)).filter(
    (start) => start > executors && start <= executors * NEAR,
  );
}

function driversOf({ cadences }: ClusterSize): number {
  return Math.max(...cadences.map(({ concurrency }) => concurrency));
}

function withFactor(load: RunLoad, factor: number, cores: number): RunLoad {
  const vcpus = ceilUnits(ceilUnits(load.vcpus / cores) * factor) * cores;
  return { ...load, vcpus, reason: `${load.reason}; ${formatNumber(vcpus)} for the cheapest month` };
}

function withReason({ cluster, monthly }: Sized, least: Sized): ClusterSize {
  const dollars = (value: number): string => `$${formatNumber(Math.round(value))}`;
  const why = `cheaper than the fewest vCPUs that are in time: ${dollars(monthly)} instead of ${dollars(least.monthly)} a month`;
  return { ...cluster, reason: `${cluster.reason}; ${why}` };
}
