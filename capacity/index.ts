import type { Bytes, Seconds } from "../declarations/units";

/** Size of one Kinesis stream. `shards` is set also for on-demand, as what the volume would need. */
export interface StreamSize {
  readonly dataset: string;
  readonly mode: "on-demand" | "provisioned";
  readonly shards: number;
  readonly reason: string;
}

/** One fleet of a cluster, in units of one weight (vCPU ÷ 4). */
export interface FleetSize {
  readonly onDemandUnits: number;
  readonly spotUnits: number;
  readonly maxUnits: number;
  /** Instance types with their weights, preferred first. */
  readonly types: readonly { readonly type: string; readonly weight: number }[];
}

export interface ExecutorSize {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly memoryOverheadMiB: number;
  readonly maximum: number;
}

export interface ClusterSize {
  readonly name: string;
  /** Datasets whose steps run there, in order. */
  readonly datasets: readonly string[];
  readonly primary: FleetSize;
  readonly core: FleetSize;
  readonly task: FleetSize | undefined;
  readonly executors: ExecutorSize;
  readonly reason: string;
}

export interface TableSize {
  readonly dataset: string;
  readonly targetFileBytes: Bytes;
  readonly shufflePartitions: number;
  readonly reason: string;
}

export interface UploadSize {
  readonly partBytes: Bytes;
  readonly reason: string;
}

/** How long the delivery stream waits, and for how much, before it writes an object. */
export interface ArchiveSize {
  readonly dataset: string;
  readonly bufferBytes: Bytes;
  readonly bufferSeconds: Seconds;
  readonly reason: string;
}

/** Every size in the stack. */
export interface Capacity {
  readonly streams: readonly StreamSize[];
  readonly archives: readonly ArchiveSize[];
  readonly clusters: readonly ClusterSize[];
  readonly tables: readonly TableSize[];
  readonly uploads: UploadSize;
}
