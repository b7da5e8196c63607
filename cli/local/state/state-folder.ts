import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../../../declarations/faults";
import { REPOSITORY } from "../toolchain";

/** Where the local lake lives between runs. */
export interface StateFolder {
  readonly folder: string;
  /** The emulator's buckets. */
  readonly buckets: string;
  /** What was brought in; see `intake/ledger.ts`. */
  readonly ledger: string;
  /** What made the lake; see `lake-file.ts`. */
  readonly lake: string;
  readonly lock: string;
  /** The emulator that runs now, if one does. */
  readonly running: string;
  /** Full output of the emulator and of every step of the last run. */
  readonly logs: string;
  readonly temporary: string;
  /** What an upload that was cut short remembers. */
  readonly journals: string;
}

/**
 * The state of the local lake: `.basin/local`, or the folder that `BASIN_LOCAL_STATE` names, so that somebody can keep
 * several lakes.
 *
 * @throws InputError when the folder cannot be made.
 */
export function openStateFolder(
  folder = process.env.BASIN_LOCAL_STATE ?? join(REPOSITORY, ".basin", "local"),
): StateFolder {
  const at = (name: string): string => join(resolve(folder), name);
  const state: StateFolder = {
    folder: resolve(folder),
    buckets: at("buckets"),
    ledger: at("ledger.jsonl"),
    lake: at("lake.json"),
    lock: at("lock"),
    running: at("running.json"),
    logs: at("logs"),
    temporary: at("tmp"),
    journals: at("uploads"),
  };
  try {
    [state.buckets, state.logs, state.temporary, state.journals].forEach((path) =>
      mkdirSync(path, { recursive: true }),
    );
  } catch (error) {
    throw new InputError([{ where: state.folder, message: `cannot hold the local lake: ${(error as Error).message}` }]);
  }
  return state;
}

/** Removes the lake, by the names of what Basin has put there: nothing else in the folder is touched. */
export function clearState(state: StateFolder): void {
  [state.ledger, state.lake].forEach((file) => rmSync(file, { force: true }));
  for (const path of [state.buckets, state.logs, state.temporary, state.journals]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
  }
}
