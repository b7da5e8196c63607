import type { ScaledVolume } from "../../capacity/volumes";

/** Source: DMS user guide, replication engine versions. */
export const ENGINE_VERSION = "3.6.1";

/** Changes a second that one vCPU of a replication instance copies. Estimate: AWS publishes none. */
const CHANGES_PER_VCPU = 2_500;
const GIB = 1024 ** 3;
/** Changes wait on the instance's disk while the target is away. */
const HOURS_ON_DISK = 24;
const STORAGE = { least: 50, most: 6_144 };
const SECONDS_A_DAY = 86_400;

/**
 * Memory-optimised, because open transactions are held in memory: class, vCPUs (of a burstable one what it keeps up), and
 * how many of EC2's `xlarge`s it is as large as.
 */
const CLASSES = [
  { instanceClass: "dms.t3.medium", vcpus: 1, ec2: undefined },
  { instanceClass: "dms.r6i.large", vcpus: 2, ec2: 0.5 },
  { instanceClass: "dms.r6i.xlarge", vcpus: 4, ec2: 1 },
  { instanceClass: "dms.r6i.2xlarge", vcpus: 8, ec2: 2 },
  { instanceClass: "dms.r6i.4xlarge", vcpus: 16, ec2: 4 },
  { instanceClass: "dms.r6i.8xlarge", vcpus: 32, ec2: 8 },
  { instanceClass: "dms.r6i.12xlarge", vcpus: 48, ec2: 12 },
  { instanceClass: "dms.r6i.16xlarge", vcpus: 64, ec2: 16 },
] as const;

/** Each task takes memory of its own, whatever it copies. Estimate. */
const TASKS_PER_VCPU = 10;
/** Serverless capacity is in units of 2 GB; twice a vCPU of an instance has as much memory as one. */
const CAPACITY_UNITS = [1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384] as const;

type Load = Pick<ScaledVolume, "daily" | "peak">;

export interface InstanceSize {
  readonly replicationInstanceClass: string;
  /** GiB. */
  readonly allocatedStorage: number;
}

/** vCPUs that copy the peak of all tables of one source. */
function vcpusFor(loads: readonly Load[]): number {
  const peak = loads.reduce((sum, load) => sum + load.peak, 0);
  return Math.max(peak / CHANGES_PER_VCPU, loads.length / TASKS_PER_VCPU);
}

/** The smallest class that copies the peak of all tables of a source, and disk for a day without its target. */
export function instanceSize(loads: readonly Load[]): InstanceSize {
  const vcpus = vcpusFor(loads);
  const chosen = CLASSES.find((each) => each.vcpus >= vcpus) ?? CLASSES[CLASSES.length - 1];
  const daily = loads.reduce((sum, load) => sum + load.daily, 0);
  const waiting = (daily * HOURS_ON_DISK * 3_600) / SECONDS_A_DAY / GIB;
  return {
    replicationInstanceClass: chosen?.instanceClass ?? CLASSES[0].instanceClass,
    allocatedStorage: Math.min(STORAGE.most, Math.max(STORAGE.least, Math.ceil(waiting))),
  };
}

/** Units between which a serverless replication of one table scales: what its peak needs, and a quarter of that. */
export function serverlessSize(load: Load): { minCapacityUnits: number; maxCapacityUnits: number } {
  const units = (wanted: number): number => CAPACITY_UNITS.find((each) => each >= wanted) ?? 384;
  const most = units(vcpusFor([load]) * 4);
  return { minCapacityUnits: units(most / 4), maxCapacityUnits: Math.max(2, most) };
}

/** `xlarge`s of EC2's r6i that an instance class is as large as; undefined where it is of another family. */
export function xlargesOf(instanceClass: string): number | undefined {
  return CLASSES.find((each) => each.instanceClass === instanceClass)?.ec2;
}
