import type { Dataset } from "../declarations/dataset";
import type { Fault } from "../declarations/faults";
import { formatDuration, type Seconds } from "../declarations/units";
import { knownInputs, type Group } from "./groups";

const MINUTE: Seconds = 60;
/**
 * Periods at which runs start. Each divides the next, and all divide a day: whenever a slow dataset is due, everything
 * that it derives from is due in the same run.
 */
const PERIODS: readonly Seconds[] = [15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE);

/** From RunJobFlow until steps run. Estimate: a new node alone runs in 5–6 min (EMR best practices). */
export const CLUSTER_START: Seconds = 600;
/** From the last step until the cluster is gone and the next run may start. Estimate. */
const CLUSTER_END: Seconds = 60;
/** From a step's submission until its executors work. Estimate. */
export const STEP_START: Seconds = 60;
/** Until Step Functions notices that a step is done, at worst: it looks every 300 s after the first ten minutes. */
export const STEP_NOTICED: Seconds = 300;
/** A step that is given less than this does little more than start. */
const SHORTEST_STEP: Seconds = 180;
/** How long Firehose may buffer when it partitions. Source: Firehose developer guide, quotas. */
const SHORTEST_BUFFER: Seconds = 60;
const LONGEST_BUFFER: Seconds = 900;

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

/**
 * Timings of a group, or why there are none.
 *
 * A row's worst age is: archive buffer + a whole period (it has just missed a run) + cluster start + the time of every
 * level up to its own, and until the end of each is noticed. It must be within `freshness`, and the run must end before the dataset's next one starts.
 */
export function timingsOf(group: Group): ReadonlyMap<string, Timing> | readonly Fault[] {
  const faults = group.datasets.flatMap((dataset) => timeFaults(group, dataset));
  if (faults.length > 0) return faults;

  const fed = streamFed(group);
  const freshness = effectiveFreshness(group);
  const buffer = (name: string): Seconds => (fed.has(name) ? SHORTEST_BUFFER : 0);
  const every = periods(group, freshness, buffer);
  const budget = (name: string): Seconds => available(every.get(name) ?? 0, freshness.get(name) ?? 0, buffer(name));
  const levels = levelTimes(group, budget);

  const until = (name: string): Seconds => {
    const level = group.level.get(name) ?? 0;
    return sum(levels.slice(0, level + 1)) + level * STEP_NOTICED;
  };
  const unbuffered = (name: string): Seconds => (every.get(name) ?? 0) + CLUSTER_START + until(name);
  const spare = new Map(
    group.datasets.map(({ name }) => [name, (freshness.get(name) ?? 0) - unbuffered(name)] as const),
  );
  const leastSpare = towardsInputs(group, spare, Math.min);
  const ownBuffer = (dataset: Dataset): Seconds | undefined =>
    dataset.source.kind === "stream"
      ? Math.floor(Math.min(LONGEST_BUFFER, leastSpare.get(dataset.name) ?? SHORTEST_BUFFER))
      : undefined;
  const buffers = new Map<string, Seconds>();
  for (const dataset of group.datasets) {
    const inherited = knownInputs(dataset, group.level).map((input) => buffers.get(input) ?? 0);
    buffers.set(dataset.name, Math.max(0, ownBuffer(dataset) ?? 0, ...inherited));
  }

  return new Map(
    group.datasets.map((dataset) => {
      const level = group.level.get(dataset.name) ?? 0;
      const timing: Timing = {
        everySeconds: every.get(dataset.name) ?? 0,
        level,
        runSeconds: Math.min(dataset.deadline, levels[level] ?? 0),
        bufferSeconds: ownBuffer(dataset),
        latencySeconds: Math.ceil((buffers.get(dataset.name) ?? 0) + unbuffered(dataset.name)),
      };
      return [dataset.name, timing] as const;
    }),
  );
}

/** The smallest freshness that a run can keep whose levels take `runSeconds` together. */
export function smallestFreshness(runSeconds: Seconds, buffer: Seconds): Seconds {
  const period = PERIODS.find((each) => each >= CLUSTER_START + runSeconds + CLUSTER_END) ?? Infinity;
  return buffer + period + CLUSTER_START + runSeconds;
}

function timeFaults(group: Group, dataset: Dataset): Fault[] {
  const steps = (group.level.get(dataset.name) ?? 0) + 1;
  const buffer = streamFed(group).has(dataset.name) ? SHORTEST_BUFFER : 0;
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

/** Datasets whose rows come through an archive, at first or second hand. */
function streamFed(group: Group): ReadonlySet<string> {
  const fed = new Set<string>();
  for (const dataset of group.datasets) {
    const inherited = knownInputs(dataset, group.level).some((input) => fed.has(input));
    if (dataset.source.kind === "stream" || inherited) fed.add(dataset.name);
  }
  return fed;
}

/** An input must be as fresh as the freshest of what derives from it: nothing is fresher than what it is made of. */
function effectiveFreshness(group: Group): ReadonlyMap<string, Seconds> {
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
function available(period: Seconds, freshness: Seconds, buffer: Seconds): Seconds {
  return Math.min(period - CLUSTER_START - CLUSTER_END, freshness - buffer - period - CLUSTER_START);
}

/** The period that leaves a run the most time, so that start-up weighs least; the longer of equals. Inputs run at least as often. */
function periods(
  group: Group,
  freshness: ReadonlyMap<string, Seconds>,
  buffer: (name: string) => Seconds,
): ReadonlyMap<string, Seconds> {
  const best = new Map(
    group.datasets.map(({ name }) => {
      const time = (period: Seconds): Seconds => available(period, freshness.get(name) ?? 0, buffer(name));
      return [name, PERIODS.reduce((chosen, next) => (time(next) >= time(chosen) ? next : chosen))] as const;
    }),
  );
  return towardsInputs(group, best, Math.min);
}

/**
 * Time of each level, so that every dataset's levels together stay within its budget: each level gets the shortest
 * step's time and, of what is left, a share by its longest deadline.
 */
function levelTimes(group: Group, budget: (name: string) => Seconds): readonly Seconds[] {
  const longest: Seconds[] = [];
  const tightest: Seconds[] = [];
  for (const dataset of group.datasets) {
    const level = group.level.get(dataset.name) ?? 0;
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
