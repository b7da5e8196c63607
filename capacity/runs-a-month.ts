import { DAYS_A_MONTH } from "./bill/line";
import type { CadenceSize, ClusterSize, RunSize } from "./sizes";
import { SECONDS_A_DAY } from "./volume";

/** Runs of a cadence in a month: a slower one takes the faster one's place where both are due. */
export function runsAMonth(cluster: ClusterSize, cadence: CadenceSize): number {
  const slower = cluster.cadences.filter(({ everySeconds }) => everySeconds > cadence.everySeconds);
  const nextSlower = Math.min(...slower.map(({ everySeconds }) => everySeconds));
  return DAYS_A_MONTH * (SECONDS_A_DAY / cadence.everySeconds - SECONDS_A_DAY / nextSlower);
}

/** How often a dataset's step runs in a month. */
export function timesAMonth({ everySeconds }: Pick<RunSize, "everySeconds">): number {
  return (DAYS_A_MONTH * SECONDS_A_DAY) / everySeconds;
}

/** States that one run enters: some for the cluster, those of waiting for it, and a few a step. */
export function transitions(cadence: CadenceSize): number {
  const waiting = 3 * 20;
  return 8 + waiting + 4 * cadence.datasets.length;
}
