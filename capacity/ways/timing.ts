import type { Dataset } from "../../declarations/dataset";
import type { Seconds } from "../../declarations/units";
import { SHORTEST_BUFFER, SHORTEST_STEP, smallestFreshness, STEP_NOTICED } from "../cadence";
import { knownInputs, type Group } from "../groups";

/** From an event's arrival until a batch has it: the stream shows it, and a shard answers five times a second. Estimate. */
export const FETCH: Seconds = 10;
/** What a batch takes however little came in: two commits, with the keys' rows looked up in between. Estimate. */
export const COMMITS: Seconds = 20;
/** Between two batches: below, commits take more of the time than work; above, it is the archive's turn. */
const SHORTEST_TRIGGER: Seconds = 30;
const LONGEST_TRIGGER: Seconds = 300;
const TRIGGER_STEP: Seconds = 5;

/** The smallest freshness that a standing cluster can keep. */
export const FRESHEST_DIRECT: Seconds = directLatency(SHORTEST_TRIGGER);
/** The smallest that a cluster made for each run can keep for a stream: buffer, schedule, start and one short step. */
export const FRESHEST_ARCHIVE: Seconds = smallestFreshness(SHORTEST_STEP, SHORTEST_BUFFER);

/** How often a standing cluster takes in what a stream has. */
export interface DirectTiming {
  readonly triggerSeconds: Seconds;
  /** Of a batch, before and after its work. */
  readonly commitSeconds: Seconds;
  /** Worst age of a row when a reader can first see it. */
  readonly latencySeconds: Seconds;
}

/** An event just misses a batch, waits for the next one, and that one takes as long as it may: until the next is due. */
function directLatency(trigger: Seconds): Seconds {
  return FETCH + 2 * trigger;
}

/**
 * The longest interval that shows a row within `room`, as every batch costs commits.
 *
 * @returns undefined where no interval is short enough, or where the dataset has no key
 */
export function directTiming(dataset: Dataset, room: Seconds): DirectTiming | undefined {
  // A closed hour is held against its archive by key: without one a record's copy could not be told from a second one.
  if (dataset.key === undefined) return undefined;
  const longest = Math.min(LONGEST_TRIGGER, dataset.deadline, (room - FETCH) / 2);
  const triggerSeconds = Math.floor(longest / TRIGGER_STEP) * TRIGGER_STEP;
  return triggerSeconds < SHORTEST_TRIGGER ? undefined : timed(triggerSeconds);
}

/** The direct way at its best. */
export function fastestDirect(): DirectTiming {
  return timed(SHORTEST_TRIGGER);
}

function timed(triggerSeconds: Seconds): DirectTiming {
  return { triggerSeconds, commitSeconds: COMMITS, latencySeconds: directLatency(triggerSeconds) };
}

/** What is left for a stream's own rows when its readers' runs come on top: its freshness, or less. */
export function roomOf(group: Group, stream: Dataset): Seconds {
  const depth = new Map([[stream.name, 0]]);
  let room = stream.freshness;
  for (const reader of group.datasets) {
    const inputs = knownInputs(reader, depth);
    if (inputs.length === 0) continue;
    const steps = 1 + Math.max(...inputs.map((input) => depth.get(input) ?? 0));
    depth.set(reader.name, steps);
    const run = steps * SHORTEST_STEP + (steps - 1) * STEP_NOTICED;
    room = Math.min(room, reader.freshness - smallestFreshness(run, 0));
  }
  return room;
}

/** A stream as the archive way could keep it at its best, where it cannot keep what is declared. */
export function atBest(stream: Dataset): Dataset {
  const deadline = Math.max(stream.deadline, SHORTEST_STEP);
  return { ...stream, freshness: Math.max(stream.freshness, FRESHEST_ARCHIVE), deadline };
}
