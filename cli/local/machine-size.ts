import { availableParallelism, totalmem } from "node:os";

/**
 * What of the plan's sizes fits this machine. The plan is made for a cluster, so everything that is cut down is cut
 * down here and nowhere else.
 */
export interface MachineSize {
  /** Threads of one Spark driver, which is its own executor. */
  readonly cores: number;
  readonly driverMemoryMiB: number;
  readonly shufflePartitions: number;
  /** Steps that run side by side, each with a driver of its own. */
  readonly stepsAtOnce: number;
  /** The most shards that a stream gets; the emulator serves all of them from one thread. */
  readonly shards: number;
  /** Parts of an upload, or calls of PutRecords, that are on their way together. */
  readonly requestsAtOnce: number;
  /** Bytes after which the delivery stream's stand-in writes an object: they are held in this process's memory. */
  readonly bufferBytes: number;
}

const MIB = 2 ** 20;
/** All processes of a run together stay below this. */
export const MEMORY_LIMIT_MIB = 6_144;
/** One driver's heap. With the JVM's own half GiB, its Python and the emulator, that stays within the limit. */
const DRIVER_MEMORY_MIB = 3_072;
const SMALLEST_DRIVER_MIB = 1_024;

/** Sizes for a machine; tests give their own. */
export function machineSize(cores = availableParallelism(), memoryMiB = totalmem() / MIB): MachineSize {
  const threads = Math.max(1, Math.min(cores, 8));
  return {
    cores: threads,
    // A small machine keeps half for the rest; below Spark's own minimum nothing would run.
    driverMemoryMiB: Math.max(SMALLEST_DRIVER_MIB, Math.min(DRIVER_MEMORY_MIB, Math.floor(memoryMiB / 2))),
    shufflePartitions: threads * 2,
    stepsAtOnce: 1,
    shards: 4,
    requestsAtOnce: 4,
    bufferBytes: 64 * MIB,
  };
}
