import { arrivalPrefix } from "../../local/intake/raw-keys";

const HOUR_MS = 3_600_000;
/**
 * The ingestion reads an hour again for 48 hours (jobs/basin_jobs/arrivals.py). An object that appears under an hour
 * older than that would never be read; half of it leaves room for runs that are late themselves.
 */
const LATE_MS = 24 * HOUR_MS;

/** `<dataset>/arrived=YYYY-MM-DDTHH/<name>`. */
export function arrivalKey(dataset: string, name: string, arrived: Date): string {
  return `${arrivalPrefix(dataset, arrived)}${name}`;
}

/** Whether an object that appears under this key now could be overlooked. */
export function isLate(key: string, now: Date): boolean {
  const hour = /\/arrived=(\d{4}-\d{2}-\d{2}T\d{2})\//.exec(key)?.[1];
  if (hour === undefined) throw new Error(`${key}: has no arrival hour`);
  return now.getTime() - Date.parse(`${hour}:00:00Z`) > LATE_MS;
}
