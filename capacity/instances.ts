import type { Architecture } from "./sizes";

/** vCPUs of one unit of capacity: an `xlarge`. */
export const VCPUS_PER_UNIT = 4;
/** EBS for shuffle files, on nodes without disks of their own. */
export const EBS_GB_PER_UNIT = 64;
/** Every node's root volume: the image, its applications' logs and the jobs' files. */
export const ROOT_VOLUME_GB = 32;

/** What an instance type offers to YARN. */
export interface Instance {
  readonly type: string;
  readonly family: string;
  readonly architecture: Architecture;
  /** Units of capacity: 1 for an xlarge, 4 for a 4xlarge. */
  readonly weight: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** `yarn.nodemanager.resource.memory-mb` as EMR sets it. */
  readonly yarnMiB: number;
  /** The value is computed, because AWS publishes none for this type. */
  readonly yarnEstimated: boolean;
  /** Local NVMe disks for shuffle; the others get EBS. */
  readonly nvme: boolean;
}

interface Family {
  readonly architecture: Architecture;
  readonly gibPerVcpu: number;
  readonly nvme: boolean;
  /** Sizes that exist and that EMR takes, as multiples of `xlarge`. */
  readonly weights: readonly number[];
  /** Published YARN memory in MiB by weight; what is missing is estimated. */
  readonly yarn?: Readonly<Record<number, number>>;
}

const ALL = [1, 2, 4, 8, 12, 16] as const;
const byWeight = (values: readonly number[]): Record<number, number> =>
  Object.fromEntries(ALL.map((weight, index) => [weight, values[index] ?? NaN]));
const intel = (gibPerVcpu: number, nvme = false): Family => ({
  architecture: "x86_64",
  gibPerVcpu,
  nvme,
  weights: ALL,
});
const graviton = (gibPerVcpu: number, nvme = false): Family => ({ ...intel(gibPerVcpu, nvme), architecture: "arm64" });

const YARN_R5 = byWeight([24576, 57344, 122880, 253952, 385024, 516096]);
const YARN_R6G = byWeight([23424, 54272, 116736, 241664, 366592, 491520]);

/** Families by name, older generations first. YARN memory: EMR release guide, "Task configuration". */
export const FAMILIES: Readonly<Record<string, Family>> = {
  m5: { ...intel(4), yarn: byWeight([12288, 24576, 57344, 122880, 188416, 253952]) },
  m6i: intel(4),
  m7i: intel(4),
  c5: { ...intel(2), weights: [1, 2, 4, 12], yarn: { 1: 6144, 2: 12288, 4: 24576, 12: 90112 } },
  c6i: intel(2),
  c7i: intel(2),
  r5: { ...intel(8), yarn: YARN_R5 },
  r5d: { ...intel(8, true), yarn: YARN_R5 },
  r6i: intel(8),
  r7i: intel(8),
  i4i: intel(8, true),
  i3en: { ...intel(8, true), weights: [1, 2, 12, 24] },
  m6g: { ...graviton(4), yarn: byWeight([11712, 23424, 54272, 116736, 181248, 241664]) },
  m7g: graviton(4),
  m8g: graviton(4),
  c6g: { ...graviton(2), yarn: byWeight([5632, 11712, 23424, 54272, 85504, 116736]) },
  c7g: graviton(2),
  c7gd: graviton(2, true),
  c8g: graviton(2),
  r6g: { ...graviton(8), yarn: YARN_R6G },
  r6gd: { ...graviton(8, true), yarn: YARN_R6G },
  r7g: graviton(8),
  r7gd: graviton(8, true),
  r8g: graviton(8),
  x2gd: graviton(16, true),
};

// Thousands of clusters choose among a few dozens.
const made = new Map<string, Instance | undefined>();

/** An instance of a known family and size; undefined when there is none such. */
export function instance(family: string, weight: number): Instance | undefined {
  const key = `${family} ${weight}`;
  if (!made.has(key)) made.set(key, make(family, weight));
  return made.get(key);
}

function make(family: string, weight: number): Instance | undefined {
  const known = FAMILIES[family];
  if (!known?.weights.includes(weight)) return undefined;
  const vcpus = VCPUS_PER_UNIT * weight;
  const memoryGiB = vcpus * known.gibPerVcpu;
  const published = known.yarn?.[weight];
  return {
    type: `${family}.${weight === 1 ? "" : weight}xlarge`,
    family,
    architecture: known.architecture,
    weight,
    vcpus,
    memoryGiB,
    yarnMiB: published ?? estimatedYarnMiB(memoryGiB, known.architecture),
    yarnEstimated: published === undefined,
    nvme: known.nvme,
  };
}

/** Reads `r6gd.4xlarge`; undefined when the type is not known here. */
export function parseInstance(type: string): Instance | undefined {
  const match = /^([a-z0-9]+)\.(\d*)xlarge$/.exec(type);
  return match ? instance(match[1] ?? "", Number(match[2] || 1)) : undefined;
}

/**
 * YARN's share of a node where AWS publishes none: of u = GiB × 1024 (Intel) or × 976 (Graviton, which shows less of
 * its memory), three quarters up to 32 GiB and all but 8 GiB above. It reproduces the published m, r and c values.
 */
function estimatedYarnMiB(memoryGiB: number, architecture: Architecture): number {
  const usable = memoryGiB * (architecture === "x86_64" ? 1024 : 976);
  return Math.floor(memoryGiB <= 32 ? 0.75 * usable : usable - 8192);
}
