import type { Dataset } from "../declarations/dataset";
import { inputsOf } from "../declarations/dataset-graph";
import type { Fault } from "../declarations/faults";
import { formatDuration, type Seconds } from "../declarations/units";
import { knownInputs, type Group } from "./groups";

export const MINUTE: Seconds = 60;
/**
 * Periods at which runs start. Each divides the next, and all divide a day: whenever a slow dataset is due, everything
 * that it derives from is due in the same run.
 */
export const PERIODS: readonly Seconds[] = [15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE);

/** From RunJobFlow until steps run. Estimate: a new node alone runs in 5–6 min (EMR best practices). */
export const CLUSTER_START: Seconds = 600;
/** From the last step until the cluster is gone and the next run may start. Estimate. */
export const CLUSTER_END: Seconds = 60;
/** From a step's submission until its executors work. Estimate. */
export const STEP_START: Seconds = 60;
/** Until Step Functions notices that a step is done, at worst: it looks every 300 s after the first ten minutes. */
export const STEP_NOTICED: Seconds = 300;
/** A step that is given less than this does little more than start. */
export const SHORTEST_STEP: Seconds = 180;
/** How long Firehose may buffer when it partitions. Source: Firehose developer guide, quotas. */
export const SHORTEST_BUFFER: Seconds = 60;
export const LONGEST_BUFFER: Seconds = 900;

/** When one dataset's step runs and how long it may take. */
export interface Timing {
  readonly everySeconds: Seconds;
  readonly level: number;
  readonly runSeconds: Seconds;
  /** How long the archive may hold an event back; streams only. */
  readonly bufferSeconds?: Seconds;
  /** From the arrival of a row until a reader can see it, at worst. */
  readonly latencySeconds: Seconds;
}

/** By stream that a standing cluster reads: how old its rows may be when they are in their table. */
export type Held = ReadonlyMap<string, Seconds>;

/** How long rows wait in an archive, their own or that of an input: what the tightest of their readers can spare. */
export function archiveBuffers(
  group: Group,
  held: Held,
  spare: (name: string) => Seconds,
): ReadonlyMap<string, Seconds> {
  const least = towardsInputs(group, new Map(group.datasets.map(({ name }) => [name, spare(name)])), Math.min);
  return waits(group, held, ({ name }) => Math.floor(Math.min(LONGEST_BUFFER, of(least, name))));
}

/** The least that rows have waited before a run can take them up, themselves or those that they are made of. */
export function shortestWaits(group: Group, held: Held): ReadonlyMap<string, Seconds> {
  return waits(group, held, () => SHORTEST_BUFFER);
}

function waits(group: Group, held: Held, buffer: (stream: Dataset) => Seconds): ReadonlyMap<string, Seconds> {
  const waited = new Map<string, Seconds>();
  for (const dataset of group.datasets) {
    const own = dataset.source.kind === "stream" ? buffer(dataset) : 0;
    const inherited = inputsOf(dataset).map((input) => waited.get(input) ?? held.get(input) ?? 0);
    waited.set(dataset.name, Math.max(own, ...inherited));
  }
  return waited;
}

/** The smallest freshness that a run can keep whose levels take `runSeconds` together. */
export function smallestFreshness(runSeconds: Seconds, buffer: Seconds): Seconds {
  const period = PERIODS.find((each) => each >= CLUSTER_START + runSeconds + CLUSTER_END) ?? Infinity;
  return buffer + period + CLUSTER_START + runSeconds;
}

export function timeFaults(group: Group, dataset: Dataset, buffer: Seconds): Fault[] {
  const steps = of(group.level, dataset.name) + 1;
  const smallest = smallestFreshness(steps * SHORTEST_STEP + (steps - 1) * STEP_NOTICED, buffer);
  const faults: Fault[] = [];
  if (dataset.freshness < smallest) {
    faults.push({
      where: dataset.file,
      key: "freshness",
      message: `cannot be kept by a cluster made for each run (${steps === 1 ? "one step" : `${steps} steps one after another`})`,
      found: formatDuration(dataset.freshness),
      allowed: `at least ${formatDuration(smallest)}`,
    });
  }
  if (dataset.deadline < SHORTEST_STEP) {
    const message = "leaves a step no time after its start";
    const allowed = `at least ${formatDuration(SHORTEST_STEP)}`;
    faults.push({ where: dataset.file, key: "deadline", message, found: formatDuration(dataset.deadline), allowed });
  }
  return faults;
}

/** An input must be as fresh as the freshest of what derives from it: nothing is fresher than what it is made of. */
export function effectiveFreshness(group: Group): ReadonlyMap<string, Seconds> {
  return towardsInputs(group, new Map(group.datasets.map(({ name, freshness }) => [name, freshness])), Math.min);
}

/** Combines each dataset's value with those of everything that derives from it. */
function towardsInputs(
  group: Group,
  values: ReadonlyMap<string, number>,
  combine: (a: number, b: number) => number,
): ReadonlyMap<string, number> {
  const combined = new Map(values);
  for (const dataset of [...group.datasets].reverse()) {
    const own = combined.get(dataset.name) ?? NaN;
    for (const input of knownInputs(dataset, group.level))
      combined.set(input, combine(combined.get(input) ?? own, own));
  }
  return combined;
}

/** Seconds for all levels of one run: it ends before the next, and shows its oldest row in time. */
export function available(period: Seconds, freshness: Seconds, buffer: Seconds): Seconds {
  return Math.min(period - CLUSTER_START - CLUSTER_END, freshness - buffer - period - CLUSTER_START);
}

/** The period that leaves a run the most time, so that start-up weighs least; the longer of equals. Inputs run at least as often. */
export function periods(
  group: Group,
  freshness: ReadonlyMap<string, Seconds>,
  buffer: (name: string) => Seconds,
): ReadonlyMap<string, Seconds> {
  const best = new Map(
    group.datasets.map(({ name }) => {
      const time = (period: Seconds): Seconds => available(period, of(freshness, name), buffer(name));
      return [name, PERIODS.reduce((chosen, next) => (time(next) >= time(chosen) ? next : chosen))] as const;
    }),
  );
  return towardsInputs(group, best, Math.min);
}

/**
 * Time of each level, so that every dataset's levels together stay within its budget: each level gets the shortest
 * step's time and, of what is left, a share by its longest deadline.
 */
export function levelTimes(group: Group, budget: (name: string) => Seconds): readonly Seconds[] {
  const longest: Seconds[] = [];
  const tightest: Seconds[] = [];
  for (const dataset of group.datasets) {
    const level = of(group.level, dataset.name);
    longest[level] = Math.max(longest[level] ?? 0, dataset.deadline);
    tightest[level] = Math.min(tightest[level] ?? Infinity, budget(dataset.name) - level * STEP_NOTICED);
  }
  const times: Seconds[] = [];
  for (let level = 0; level < longest.length; level++) {
    const used = sum(times);
    const offers = tightest.slice(level).map((most, further) => {
      const levelsLeft = further + 1;
      const left = most - used - levelsLeft * SHORTEST_STEP;
      const share = (longest[level] ?? 0) / sum(longest.slice(level, level + levelsLeft));
      return SHORTEST_STEP + left * share;
    });
    times.push(Math.floor(Math.min(longest[level] ?? 0, ...offers)));
  }
  return times;
}

/** The value of a dataset that is known to be in the group. */
export function of(values: ReadonlyMap<string, number>, name: string): number {
  return values.get(name) ?? NaN;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
