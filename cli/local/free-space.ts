import { statfsSync } from "node:fs";
import { InputError } from "../../declarations/faults";
import { formatBytes } from "../../declarations/units";

const MIB = 2 ** 20;
/** Raw, the table, and what a rewrite of the table needs until the old files are vacuumed. */
const COPIES = 3;
const RESERVE_BYTES = 512 * MIB;
/** Below this a run is stopped as if it had crashed, which it recovers from; from a half-written object it could not. */
const LOWEST_BYTES = 64 * MIB;
const LOOK_EVERY_MS = 1_000;

/**
 * Refuses to begin what the disk could not hold.
 *
 * @throws InputError with what is free and what is needed.
 */
export function requireFreeSpace(folder: string, inputBytes: number, free = freeBytes(folder)): void {
  const needed = inputBytes * COPIES + RESERVE_BYTES;
  if (free >= needed) return;
  const message = `has ${formatBytes(free)} free, and inputs of ${formatBytes(inputBytes)} need about ${formatBytes(needed)}`;
  throw new InputError([{ where: folder, message }]);
}

/**
 * Runs `work` as long as the disk has room. When it has not, the work is abandoned; whoever started its processes ends
 * them.
 *
 * @throws InputError when space runs out.
 */
export async function whileSpaceLasts<T>(
  folder: string,
  work: () => Promise<T>,
  { everyMs = LOOK_EVERY_MS, free = freeBytes }: { everyMs?: number; free?: (folder: string) => number } = {},
): Promise<T> {
  let watch: NodeJS.Timeout | undefined;
  const exhausted = new Promise<never>((_, reject) => {
    watch = setInterval(() => {
      const left = free(folder);
      if (left >= LOWEST_BYTES) return;
      const message = `no space left: ${formatBytes(left)} free; the run was stopped and can be repeated`;
      reject(new InputError([{ where: folder, message }]));
    }, everyMs);
  });
  try {
    return await Promise.race([work(), exhausted]);
  } finally {
    clearInterval(watch);
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
