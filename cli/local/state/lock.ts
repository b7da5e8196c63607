import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { InputError } from "../../../declarations/faults";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity";

/**
 * Takes the local lake for this process: two runs would write the same tables.
 *
 * @returns how to give it back.
 * @throws InputError when a living process holds it.
 */
export function takeLock(file: string): () => void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identityOf(process.pid)));
  try {
    for (;;) {
      // A link either appears whole or not at all; a file written in place could be read half written.
      if (tryLink(own, file)) return () => rmSync(file, { force: true });
      const holder = readHolder(file);
      if (holder && isRunning(holder)) {
        const allowed = "one run at a time; wait for it, or end it";
        throw new InputError([{ where: file, message: `the local lake is in use by process ${holder.pid}`, allowed }]);
      }
      moveAside(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the lock of a process that was killed. Another run may have done so in the meantime and hold its own lock
 * under that name: moving, and then looking at what was moved, tells the two apart.
 */
function moveAside(file: string, dead: ProcessIdentity | undefined): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && (moved.pid !== dead?.pid || moved.started !== dead.started)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
