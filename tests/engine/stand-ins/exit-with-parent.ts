import { Cloud, CLOUD_VARIABLE } from "./cloud";

const LOOK_EVERY_MS = 250;

/** A killed engine cannot stop its providers, and nothing may be left running after a test. */
export function exitWithParent(): void {
  const leave = new Cloud(process.env[CLOUD_VARIABLE] ?? "").enter(process.pid);
  process.once("exit", leave);
  // Told by the script that started this: an engine may be gone before Node runs.
  const parent = Number(process.env.BASIN_ENGINE_PARENT);
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, LOOK_EVERY_MS).unref();
}
