import { keepLocalAws, useLocalAws } from "./aws/local-aws";
import type { LocalAws } from "./aws/clients";
import { withCleanup, type Cleanup } from "./cleanup";
import { recallLake, type Lake } from "./lake-file";
import { takeLock } from "./state/lock";
import { openStateFolder, type StateFolder } from "./state/state-folder";
import { readToolchain, type Toolchain } from "./toolchain";

/** The kept lake, and all that is needed to work on it. */
export interface OpenLake {
  readonly lake: Lake;
  readonly toolchain: Toolchain;
  readonly state: StateFolder;
  readonly aws: LocalAws;
  readonly cleanup: Cleanup;
}

/**
 * Works on the lake that `basin local` has filled, with the local AWS up for as long as that takes; one that was kept
 * running goes on.
 *
 * @throws InputError when there is no lake, or another command is at work on it.
 */
export async function withLocalLake<T>(work: (open: OpenLake) => Promise<T>): Promise<T> {
  const toolchain = readToolchain();
  const state = openStateFolder();
  const lake = recallLake(state);
  return await withCleanup(async (cleanup) => {
    cleanup.add(takeLock(state.lock));
    const aws = await useLocalAws(toolchain, state, lake, cleanup);
    try {
      return await work({ lake, toolchain, state, aws, cleanup });
    } finally {
      if (aws.wasRunning) keepLocalAws(state);
    }
  });
}
