import { isRetired, type Environment } from "../../components/environment";

/** What CloudWatch and Step Functions know of a dataset. */
export interface Sign {
  /** When a run last ended well, in milliseconds since 1970. */
  readonly lastRun?: number;
  /** The table's version after it. */
  readonly tableVersion?: number;
  readonly lastFailure?: Failure;
}

export interface Failure {
  readonly at: number;
  readonly status: string;
  readonly execution: string;
}

/** A line of `basin status`. */
export interface Health {
  readonly dataset: string;
  readonly owner: string;
  readonly state: "fresh" | "late" | "never run" | "retired";
  /** Seconds since a run last ended well; null before the first. */
  readonly lagSeconds: number | null;
  readonly freshnessSeconds: number;
  readonly tableVersion: number | null;
  readonly lastFailure: { readonly at: string; readonly status: string; readonly execution: string } | null;
}

/** Every dataset's state at a time, in milliseconds since 1970. Retired ones have no runs, and are never late. */
export function healthOf(environment: Environment, signs: ReadonlyMap<string, Sign>, now: number): Health[] {
  return environment.datasets.map((dataset) => {
    const { lastRun, tableVersion, lastFailure } = signs.get(dataset.name) ?? {};
    const lagSeconds = lastRun === undefined ? null : Math.max(0, Math.round((now - lastRun) / 1_000));
    return {
      dataset: dataset.name,
      owner: dataset.owner,
      state: isRetired(environment, dataset) ? "retired" : stateOf(lagSeconds, dataset.freshness),
      lagSeconds,
      freshnessSeconds: dataset.freshness,
      tableVersion: tableVersion ?? null,
      lastFailure: lastFailure ? { ...lastFailure, at: new Date(lastFailure.at).toISOString() } : null,
    };
  });
}

function stateOf(lagSeconds: number | null, freshness: number): Health["state"] {
  if (lagSeconds === null) return "never run";
  return lagSeconds <= freshness ? "fresh" : "late";
}
