import { InputError } from "../declarations/faults";
import type { Settings } from "../stacks/settings";
import type { Instance } from "./instances";
import type { DriverSize, ExecutorSize } from "./sizes";

/** Four cores keep S3 reads busy without long garbage collections. Source: EMR best practices, Spark performance. */
const DEFAULT_CORES = 4;
/** Off-heap share that EMR grants an executor (`spark.executor.memoryOverheadFactor`) and a driver. Source: the same. */
const EXECUTOR_OVERHEAD = 0.1875;
const DRIVER_OVERHEAD = 0.1;
const SMALLEST_OVERHEAD_MIB = 384;
/** YARN on EMR grants memory in steps of 32 MiB. */
const YARN_STEP_MIB = 32;
const DRIVER_MIB = 2_048;
/** More executors than this report to one driver only if it has more memory. Source: EMR best practices. */
const MANY_EXECUTORS = 1_000;
const LARGE_DRIVER_MIB = 8_192;

/** Executor that fits each of a cluster's nodes as often as the node has cores for it. Memory in MiB. */
export interface ExecutorShape {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly memoryOverheadMiB: number;
  /** Executors of the smallest yield per unit of capacity: what a fleet of `n` units holds at least is `n` times it. */
  readonly perUnit: number;
  readonly reason: string;
}

/**
 * The largest executor that every type of the cluster holds: its share of YARN's memory on the tightest node, of which
 * the heap is 1 ÷ 1.1875.
 *
 * @throws InputError when an override does not fit.
 */
export function executorShape(instances: readonly Instance[], settings: Settings): ExecutorShape {
  const { executorCores, executorMemoryGiB } = settings.spark.overrides;
  const cores = executorCores ?? DEFAULT_CORES;
  const tooSmall = instances.find((each) => each.vcpus < cores);
  if (tooSmall) throw overrideFault(settings, "executorCores", cores, `${tooSmall.type} has ${tooSmall.vcpus} vCPUs`);

  const shares = instances.map((each) => ({ each, slots: Math.floor(each.vcpus / cores) }));
  const tightest = shares.reduce((least, next) => (share(next) < share(least) ? next : least));
  const total = Math.floor(share(tightest) / YARN_STEP_MIB) * YARN_STEP_MIB;
  const largestHeap = Math.floor(total / (1 + EXECUTOR_OVERHEAD));
  const heap = executorMemoryGiB === undefined ? largestHeap : Math.floor(executorMemoryGiB * 1024);
  if (heap > largestHeap) {
    const why = `${tightest.each.type} holds ${tightest.slots} of ${(largestHeap / 1024).toFixed(1)} GiB`;
    throw overrideFault(settings, "executorMemoryGiB", executorMemoryGiB, why);
  }
  const overhead = Math.max(
    SMALLEST_OVERHEAD_MIB,
    executorMemoryGiB === undefined ? total - heap : Math.ceil(heap * EXECUTOR_OVERHEAD),
  );
  const estimated = tightest.each.yarnEstimated ? " (estimated)" : "";
  return {
    cores,
    memoryMiB: heap,
    memoryOverheadMiB: Math.min(overhead, total - heap),
    perUnit: Math.min(...shares.map(({ each, slots }) => slots / each.weight)),
    reason:
      `executors of ${cores} cores and ${heap} MiB: ${tightest.slots} on ${tightest.each.type} with ` +
      `${tightest.each.yarnMiB} MiB for YARN${estimated}${(executorCores ?? executorMemoryGiB) ? ", overridden" : ""}`,
  };
}

function share({ each, slots }: { each: Instance; slots: number }): number {
  return each.yarnMiB / slots;
}

/** What a cluster runs: at most so many executors of a shape, and a driver that they report to. */
export function processSizes(shape: ExecutorShape, maximum: number): { executors: ExecutorSize; driver: DriverSize } {
  const { cores, memoryMiB, memoryOverheadMiB } = shape;
  return { executors: { cores, memoryMiB, memoryOverheadMiB, maximum }, driver: driverSize(shape, maximum) };
}

/** The driver takes one executor's place on an on-demand node. */
export function driverSize(shape: ExecutorShape, executors: number): DriverSize {
  const slot = shape.memoryMiB + shape.memoryOverheadMiB;
  const wanted = executors > MANY_EXECUTORS ? LARGE_DRIVER_MIB : DRIVER_MIB;
  const memoryMiB = Math.min(wanted, Math.floor(slot / (1 + DRIVER_OVERHEAD)), slot - SMALLEST_OVERHEAD_MIB);
  return { memoryMiB, memoryOverheadMiB: Math.max(SMALLEST_OVERHEAD_MIB, Math.ceil(memoryMiB * DRIVER_OVERHEAD)) };
}

function overrideFault(settings: Settings, key: string, found: unknown, why: string): InputError {
  return new InputError([
    {
      where: `Pulumi.${settings.stack}.yaml`,
      key: `config.basin:spark.overrides.${key}`,
      message: `is more than a node holds: ${why}`,
      found,
      allowed: "an executor that fits every instance type of the cluster",
    },
  ]);
}
