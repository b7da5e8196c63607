/** Undoes, in reverse order, what a run has started: on its end, on an error and on Ctrl-C alike. */
export interface Cleanup {
  /** Registers how to undo something. The newest is undone first; one that fails does not keep the others from running. */
  add(undo: () => Promise<void> | void): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SIGNAL_NUMBER = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Runs `work` and then every registered undo. A signal runs them too and ends the process with 128 + its number, as a
 * shell expects; a second signal does not wait any longer.
 */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const undos: (() => Promise<void> | void)[] = [];
  const undoAll = async (): Promise<void> => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        process.stderr.write(`basin: while cleaning up: ${(error as Error).message}\n`);
      }
    }
  };
  const ending = { interrupted: false };
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    const code = 128 + SIGNAL_NUMBER[signal];
    if (ending.interrupted) process.exit(code);
    ending.interrupted = true;
    process.stderr.write("\nbasin: stopping\n");
    void undoAll().then(() => process.exit(code));
  };
  SIGNALS.forEach((signal) => process.on(signal, onSignal));
  try {
    return await work({ add: (undo) => void undos.push(undo) });
  } catch (error) {
    // The failure is only what the signal tore down: the handler ends the process once everything is undone.
    if (ending.interrupted) return await new Promise<never>(() => undefined);
    throw error;
  } finally {
    if (!ending.interrupted) {
      await undoAll();
      SIGNALS.forEach((signal) => process.off(signal, onSignal));
    }
  }
}
