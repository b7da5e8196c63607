import type { Dataset } from "../declarations/dataset";
import { inputsOf } from "../declarations/dataset-graph";
import type { Fault } from "../declarations/faults";
import { formatDuration, type Seconds } from "../declarations/units";
import {
  archiveBuffers,
  available,
  CLUSTER_END,
  CLUSTER_START,
  effectiveFreshness,
  levelTimes,
  MINUTE,
  of,
  PERIODS,
  periods,
  SHORTEST_BUFFER,
  SHORTEST_STEP,
  shortestWaits,
  smallestFreshness,
  STEP_NOTICED,
  sum,
  timeFaults,
  type Held,
  type Timing,
} from "./cadence";
import { groupOf, type Group } from "./groups";

/** Datasets of a group that one state machine runs, on clusters of their own. */
export interface Lane {
  readonly group: Group;
  readonly timing: ReadonlyMap<string, Timing>;
  /** From the tick of its period until it starts: by then what it reads is there. */
  readonly offsetSeconds: Seconds;
}

/** Either lanes, or why there are none. */
export type Lanes<L = Lane> =
  { readonly lanes: readonly L[]; readonly refused?: undefined } | { readonly refused: readonly Fault[] };

/**
 * A group's lanes, fastest first, or why there are none.
 *
 * A row's worst age is: archive buffer + a whole period (it has just missed a run) + the lane's offset + cluster start +
 * the time of every level up to its own, and until the end of each is noticed. It must be within `freshness`, and the
 * run must end before the lane's next one starts: a state machine does not overlap with itself.
 *
 * Where datasets have different periods, the slow ones run together with the fast ones only if all of it is done within
 * the fastest period. `fits` says whether the machines for that are worth it; otherwise each period is a lane of its own,
 * so that nothing slow holds up what is fast.
 *
 * @param held streams that others read for the group: their rows have waited so long before they are in their tables
 */
export function lanesOf(
  group: Group,
  fits: (together: Lane, apart: readonly Lane[]) => boolean,
  held: Held = new Map(),
): Lanes {
  const waits = shortestWaits(group, held);
  const buffer = (name: string): Seconds => of(waits, name);
  const faults = group.datasets.flatMap((dataset) => timeFaults(group, dataset, buffer(dataset.name)));
  if (faults.length > 0) return { refused: faults };

  const freshness = effectiveFreshness(group);
  const every = periods(group, freshness, buffer);
  const scope: TimeScope = { group, held, freshness, buffer };
  const fastest = Math.min(...every.values());
  const whole = laneOf(scope, group, every, { offset: 0, longest: fastest - CLUSTER_START - CLUSTER_END });
  const together = whole && lanesWithTimings(scope, [whole])[0];
  if (together && fastest === Math.max(...every.values())) return { lanes: [together] };
  const split = splitLanes(scope, every);
  if (split.refused) return together ? { lanes: [together] } : split;
  const apart = lanesWithTimings(scope, split.lanes);
  return { lanes: together && fits(together, apart) ? [together] : apart };
}

interface TimeScope {
  readonly group: Group;
  readonly held: Held;
  readonly freshness: ReadonlyMap<string, Seconds>;
  /** The shortest that a dataset's rows wait before a run takes them up. */
  readonly buffer: (name: string) => Seconds;
}

/** A lane before it is known how long archives may hold rows back. */
interface TimedLane {
  readonly group: Group;
  readonly every: ReadonlyMap<string, Seconds>;
  readonly levels: readonly Seconds[];
  readonly offset: Seconds;
}

/** Undefined where some step would have no time. */
function laneOf(
  { freshness, buffer }: TimeScope,
  lane: Group,
  every: ReadonlyMap<string, Seconds>,
  { offset, longest }: { offset: Seconds; longest: Seconds },
): TimedLane | undefined {
  const budget = (name: string): Seconds =>
    Math.min(longest, available(of(every, name), of(freshness, name) - offset, buffer(name)));
  const levels = levelTimes(lane, budget);
  return levels.every((time) => time >= SHORTEST_STEP) ? { group: lane, every, levels, offset } : undefined;
}

/**
 * A lane for each period, the fastest first; or the first dataset that would be too old for being apart. What comes from
 * outside all comes in the fastest: it is the same work however often it is done, and the slow lanes need not wait for it.
 */
function splitLanes(scope: TimeScope, together: ReadonlyMap<string, Seconds>): Lanes<TimedLane> {
  const lanes: TimedLane[] = [];
  const fastest = Math.min(...together.values());
  const every = new Map(
    scope.group.datasets.map(({ name, source }) => [name, source.kind === "derived" ? of(together, name) : fastest]),
  );
  for (const period of [...new Set(every.values())].sort((a, b) => a - b)) {
    const datasets = scope.group.datasets.filter(({ name }) => every.get(name) === period);
    const lane = groupOf(datasets);
    const offset = offsetAfter(lanes, lane);
    const least = Math.max(0, ...lanes.flatMap((faster) => [...faster.every.values()]));
    const timed = PERIODS.filter((each) => each <= period && each >= least)
      .reverse()
      .map((each) =>
        laneOf(scope, lane, new Map(datasets.map(({ name }) => [name, each])), { offset, longest: Infinity }),
      )
      .find((each) => each !== undefined);
    if (!timed) return { refused: [tooFreshToBeApart(datasets, offset)] };
    lanes.push(timed);
  }
  return { lanes };
}

/** When the runs that it reads from have ended, which start at the same tick: in whole minutes, as schedules have them. */
function offsetAfter(faster: readonly TimedLane[], lane: Group): Seconds {
  const read = new Set(lane.datasets.flatMap(inputsOf));
  const ends = faster
    .filter(({ group }) => group.datasets.some(({ name }) => read.has(name)))
    .map(({ offset, levels }) => offset + runLength(levels));
  return Math.ceil(Math.max(0, ...ends) / MINUTE) * MINUTE;
}

/** Seconds from the start of a run's cluster until its last step is done. */
function runLength(levels: readonly Seconds[]): Seconds {
  return CLUSTER_START + sum(levels) + (levels.length - 1) * STEP_NOTICED;
}

function tooFreshToBeApart(datasets: readonly Dataset[], offset: Seconds): Fault {
  const dataset = datasets.reduce((a, b) => (b.freshness < a.freshness ? b : a));
  return {
    where: dataset.file,
    key: "freshness",
    message: "cannot be kept beside what it reads, which runs more often",
    found: formatDuration(dataset.freshness),
    allowed: `at least ${formatDuration(smallestFreshness(SHORTEST_STEP, SHORTEST_BUFFER) + offset)}`,
  };
}

/** Every lane's timings, with archives that hold rows back as long as the tightest of their readers can spare. */
function lanesWithTimings({ group, held, freshness }: TimeScope, lanes: readonly TimedLane[]): Lane[] {
  const unbuffered = new Map<string, Seconds>();
  for (const { group: own, every, levels, offset } of lanes) {
    for (const { name, source } of own.datasets) {
      const level = of(own.level, name);
      const run = sum(levels.slice(0, level + 1)) + level * STEP_NOTICED;
      // What comes from outside has nothing to wait for but its own next run.
      const waits = source.kind === "derived" ? offset : 0;
      unbuffered.set(name, of(every, name) + waits + CLUSTER_START + run);
    }
  }
  const buffers = archiveBuffers(group, held, (name) => of(freshness, name) - of(unbuffered, name));
  return lanes.map(({ group: own, every, levels, offset }) => {
    const timing = own.datasets.map(({ name, source, deadline }): [string, Timing] => {
      const level = of(own.level, name);
      return [
        name,
        {
          everySeconds: of(every, name),
          level,
          runSeconds: Math.min(deadline, levels[level] ?? 0),
          bufferSeconds: source.kind === "stream" ? of(buffers, name) : undefined,
          latencySeconds: Math.ceil(of(buffers, name) + of(unbuffered, name)),
        },
      ];
    });
    return { group: own, timing: new Map(timing), offsetSeconds: offset };
  });
}
