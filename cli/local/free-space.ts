import { statfsSync } from "node:fs";
import { InputError } from "../../declarations/faults";
import { formatBytes } from "../../declarations/units";

/** Raw, the table, and what a rewrite of the table needs until the old files are vacuumed. */
const COPIES = 3;
const RESERVE_BYTES = 512 * 2 ** 20;

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

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
