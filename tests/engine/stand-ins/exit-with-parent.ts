const LOOK_EVERY_MS = 250;

/** A killed engine cannot stop its providers, and nothing may be left running after a test. */
export function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, LOOK_EVERY_MS).unref();
}
