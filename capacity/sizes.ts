import type { Bytes, Seconds } from "../declarations/units";

/** Size of one Kinesis stream. `shards` is set for on-demand too, as what the peak would need. */
export interface StreamSize {
  readonly dataset: string;
  readonly mode: "on-demand" | "provisioned";
  readonly shards: number;
  /** A cluster reads it by a way out of the shards that it has for itself. */
  readonly fanOut: boolean;
  readonly reason: string;
}

/** What one way of bringing a stream into its table gives, and what it costs beside what the stack has anyway. */
export interface WayFigures {
  /** Worst age of a row when a reader can first see it. */
  readonly latencySeconds: Seconds;
  /** Whether that keeps the dataset's freshness, and leaves its readers enough of theirs. */
  readonly keeps: boolean;
  /** USD; null where no cluster could be made for it. */
  readonly monthly: number | null;
}

/** The two ways of a stream, and the cheaper of those that keep its freshness. */
export interface WaySize {
  readonly dataset: string;
  readonly way: "archive" | "direct";
  readonly archive: WayFigures;
  readonly direct: WayFigures;
  /** The standing cluster that reads it; null on the archive way. */
  readonly cluster: string | null;
  /** Between two batches of the direct way; null on the archive way. */
  readonly triggerSeconds: Seconds | null;
  readonly reason: string;
}

/** How long the delivery stream waits, and for how much, before it writes an object. */
export interface ArchiveSize {
  readonly dataset: string;
  readonly bufferBytes: Bytes;
  readonly bufferSeconds: Seconds;
  readonly reason: string;
}

export interface WeightedType {
  readonly type: string;
  /** Units of capacity: vCPU ÷ 4. */
  readonly weight: number;
}

/** One fleet of a cluster, in units of four vCPUs. */
export interface FleetSize {
  readonly onDemandUnits: number;
  readonly spotUnits: number;
  /** Where managed scaling stops. */
  readonly maxUnits: number;
  /** Instance types with their weights, preferred first. */
  readonly types: readonly WeightedType[];
}

/** One executor; it fits every instance type of its cluster as many times as the node has cores for it. */
export interface ExecutorSize {
  readonly cores: number;
  /** JVM heap. */
  readonly memoryMiB: number;
  /** Off-heap memory that YARN counts on top of the heap. */
  readonly memoryOverheadMiB: number;
  /** The most executors that the largest run may have at once. */
  readonly maximum: number;
}

export interface DriverSize {
  readonly memoryMiB: number;
  readonly memoryOverheadMiB: number;
}

/** The cluster of one run: every dataset whose period divides `everySeconds` takes part. */
export interface CadenceSize {
  /** Part of names, as `30-minutes`. */
  readonly name: string;
  readonly everySeconds: Seconds;
  /** From the tick of its period until it starts: by then the runs that it reads from have ended. */
  readonly offsetSeconds: Seconds;
  /** In dependency order. */
  readonly datasets: readonly string[];
  readonly primary: FleetSize;
  readonly core: FleetSize;
  /** Undefined when the on-demand core carries the run alone. */
  readonly task: FleetSize | undefined;
  /** Steps that may run side by side; each has a driver. */
  readonly concurrency: number;
  /** Executors at most, over all steps that run side by side. */
  readonly executors: number;
  /** Seconds from the cluster's start to its end if every step takes its full time. */
  readonly longestSeconds: Seconds;
  /** Seconds that a run takes at the mean rate, its start included: what the bill expects. */
  readonly expectedSeconds: Seconds;
}

/**
 * What a connected group of datasets runs on, or the part of it that has a period of its own. Its three fleets are those of its largest run.
 */
export interface ClusterSize {
  readonly name: string;
  /** Datasets whose steps run there, in dependency order. */
  readonly datasets: readonly string[];
  readonly architecture: Architecture;
  readonly primary: FleetSize;
  readonly core: FleetSize;
  readonly task: FleetSize | undefined;
  readonly executors: ExecutorSize;
  readonly driver: DriverSize;
  /** The most frequent first. */
  readonly cadences: readonly CadenceSize[];
  readonly reason: string;
}

export type Architecture = "x86_64" | "arm64";

/** A standing cluster has two names that it goes by in turn: a new one is made, the work moves over, the old one goes. */
export type Generation = "blue" | "green";

/** A cluster that stands whether there is work or not, alike in each of its generations. */
export interface StandingSize {
  /** As in the settings. */
  readonly name: string;
  /** Oldest first. */
  readonly generations: readonly Generation[];
  /** Where its streams run. */
  readonly active: Generation;
  /** Streams that it reads itself. */
  readonly datasets: readonly string[];
  readonly architecture: Architecture;
  readonly primary: FleetSize;
  readonly core: FleetSize;
  /** Undefined where the settings want no Spot. */
  readonly task: FleetSize | undefined;
  /** Streams side by side; each has a driver. */
  readonly concurrency: number;
  readonly executors: ExecutorSize;
  readonly driver: DriverSize;
  /** Units of the task fleet that stand at the mean rate: what the bill expects. */
  readonly expectedTaskUnits: number;
  readonly reason: string;
}

/** When a dataset's step runs, how long it may, and what it needs. A stream's own batches on a standing cluster are runs, too. */
export interface RunSize {
  readonly dataset: string;
  /** Its group's, or `standing-<name>`. */
  readonly cluster: string;
  readonly everySeconds: Seconds;
  /** Steps of one run are done level by level: a level starts when the one before is done. */
  readonly level: number;
  /** Time that the step may take, so that freshness holds. */
  readonly runSeconds: Seconds;
  /** Raw bytes that one run works through, at the peak. */
  readonly bytes: Bytes;
  /** The same at the mean rate. */
  readonly meanBytes: Bytes;
  /** vCPU-seconds of work at the peak, without head-room. */
  readonly coreSeconds: number;
  readonly vcpus: number;
  readonly executors: number;
  /** Worst age of a row when a reader can first see it. */
  readonly latencySeconds: Seconds;
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

/** Every size in the stack. */
export interface Capacity {
  readonly streams: readonly StreamSize[];
  /** Of every stream that has a job. */
  readonly ways: readonly WaySize[];
  readonly archives: readonly ArchiveSize[];
  readonly clusters: readonly ClusterSize[];
  readonly standing: readonly StandingSize[];
  readonly runs: readonly RunSize[];
  readonly tables: readonly TableSize[];
  readonly uploads: UploadSize;
}
