import { formatBytes, type Bytes } from "../declarations/units";
import { EBS_GB_PER_UNIT, type Instance } from "./instances";
import { SHUFFLED_SHARE } from "./tables";
import type { Work } from "./volume";

const GB = 1e9;

/** NVMe of the smallest node of each family that has disks of its own. Source: EC2's instance types, `xlarge`. */
const NVME_GB: Readonly<Record<string, number>> = {
  c7gd: 237,
  i3en: 2_500,
  i4i: 937,
  r5d: 150,
  r6gd: 237,
  r7gd: 237,
  x2gd: 237,
};

/** What a run writes to local disks before it is read again, and what its nodes hold. */
export interface Spill {
  readonly shuffledBytes: Bytes;
  readonly diskBytes: Bytes;
  readonly reason: string;
}

/** Shuffle files of a level's steps, which run side by side, on the least disks that `units` may bring. */
export function spillOf(
  levels: readonly (readonly { readonly bytes: Bytes; readonly work: Work }[])[],
  units: number,
  instances: readonly Instance[],
): Spill {
  const of = (level: (typeof levels)[number]): Bytes =>
    level.reduce((sum, { bytes, work }) => sum + bytes * SHUFFLED_SHARE[work], 0);
  const shuffledBytes = Math.max(0, ...levels.map(of));
  const diskBytes = units * Math.min(...instances.map(diskPerUnit)) * GB;
  const kind = instances.every(({ nvme }) => nvme) ? "NVMe" : "EBS";
  const fits = shuffledBytes <= diskBytes;
  const reason =
    `up to ${formatBytes(shuffledBytes)} of shuffle on ${formatBytes(diskBytes)} of ${kind}` +
    (fits
      ? ""
      : ", which do not hold it: `work: shuffle` for nodes with disks, or a longer freshness for less at once");
  return { shuffledBytes, diskBytes, reason };
}

/** GB of local disk for each unit. An NVMe family's disks grow with its size, at least in proportion. */
function diskPerUnit({ family, nvme }: Instance): number {
  return nvme ? (NVME_GB[family] ?? EBS_GB_PER_UNIT) : EBS_GB_PER_UNIT;
}
