import type { Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import type { Seconds } from "../../declarations/units";
import { CLUSTER_START, type Timing } from "../cadence";
import { collecting, lanesMonthly, type GroupLanes } from "../group-lanes";
import { connectedGroups, type Group } from "../groups";
import type { WorkScope } from "../runs";
import type { StandingSize, WayFigures } from "../sizes";
import { sizeStanding, type StreamLoad } from "../standing";
import { sizeStream } from "../streams";
import { arrange } from "./arrange";
import { directLoad, volumeOf, type DirectStream } from "./direct";
import { readingMonthly, standingMonthly } from "./monthly";
import { atBest, directTiming, fastestDirect, roomOf } from "./timing";

/** A group, and the streams that standing clusters read: its own, and those of the groups before it. */
export interface Arrangement {
  readonly group: Group;
  readonly scope: WorkScope;
  readonly before: readonly DirectStream[];
  readonly direct: readonly DirectStream[];
}

/** Both ways of one stream, with what their latencies are made of. */
export interface Figures {
  readonly archive: WayFigures & { readonly parts: ArchiveParts };
  /** `others`: the part of `monthly` that the runs of others cost more. */
  readonly direct: WayFigures & { readonly others: number };
  /** What the direct way would be. */
  readonly candidate: DirectStream;
}

/** Seconds from an event's arrival until its row is seen, at worst. */
export interface ArchiveParts {
  readonly buffer: Seconds;
  readonly schedule: Seconds;
  readonly start: Seconds;
  readonly run: Seconds;
}

/**
 * What each way would give and cost beside everything else as it is arranged.
 *
 * @param arrangement without the stream among those that are read directly
 */
export function figuresOf(stream: Dataset, arrangement: Arrangement): Figures {
  const room = roomOf(arrangement.group, stream);
  const timing = directTiming(stream, room);
  const candidate = directLoad(stream, timing ?? fastestDirect(), arrangement.scope);
  const { others, ...archive } = archiveFigures(stream, candidate, arrangement);
  const own = directMonthly(candidate, arrangement);
  const monthly = own === null || others === null ? null : Math.max(0, own + others);
  return {
    archive,
    direct: {
      latencySeconds: candidate.timing.latencySeconds,
      keeps: timing !== undefined && monthly !== null,
      monthly,
      others: Math.max(0, others ?? 0),
    },
    candidate,
  };
}

/**
 * The stream's part of its group's runs, as the bill has it; of a run of its own at its best, where the group cannot keep
 * it. `others` is what the runs of the others cost more without it: they have less time, or a start for themselves.
 */
function archiveFigures(
  stream: Dataset,
  candidate: DirectStream,
  arrangement: Arrangement,
): Figures["archive"] & { readonly others: number | null } {
  const { group, scope, direct } = arrangement;
  const whole = arrange(group, direct, scope);
  const timing = timingOf(whole, stream);
  if (whole.refused.length === 0 && timing) {
    const all = lanesMonthly(whole.lanes, scope);
    const monthly = lanesMonthly(whole.lanes, scope, stream.name);
    const rest = lanesMonthly(arrange(group, [...direct, candidate], scope).lanes, scope);
    const others = all === null || monthly === null || rest === null ? null : rest - (all - monthly);
    return { latencySeconds: timing.latencySeconds, keeps: true, monthly, parts: partsOf(timing), others };
  }
  const [alone] = connectedGroups([atBest(stream)]);
  if (!alone) throw new Error(`no group of ${stream.name}`);
  const best = arrange(alone, [], scope);
  const own = timingOf(best, stream);
  if (!own) throw new Error(`no lane takes ${stream.name} at its best`);
  const monthly = lanesMonthly(best.lanes, scope);
  return { latencySeconds: own.latencySeconds, keeps: false, monthly, parts: partsOf(own), others: 0 };
}

function timingOf({ lanes }: GroupLanes, { name }: Dataset): Timing | undefined {
  return lanes.flatMap((lane) => lane.timing.get(name) ?? [])[0];
}

function partsOf({ bufferSeconds: buffer = 0, everySeconds: schedule, latencySeconds }: Timing): ArchiveParts {
  return { buffer, schedule, start: CLUSTER_START, run: latencySeconds - buffer - schedule - CLUSTER_START };
}

/** What the stream adds to its standing cluster; all of one, where there is none yet. Null where it cannot be so large. */
function directMonthly(candidate: DirectStream, { scope, before, direct }: Arrangement): number | null {
  const { settings, volumes } = scope;
  const { dataset, load, cluster, timing } = candidate;
  const volume = volumeOf(volumes, dataset);
  const faults: Fault[] = [];
  let monthly = 0;
  collecting(faults, () => {
    const reading = readingMonthly(
      sizeStream(dataset, volume, settings, true),
      volume,
      timing.triggerSeconds,
      settings,
    );
    const beside = [...before, ...direct]
      .filter((each) => cluster !== undefined && each.cluster === cluster)
      .map((each) => each.load);
    const sized = (loads: readonly StreamLoad[]): StandingSize =>
      sizeStanding({ name: cluster ?? dataset.name, generations: ["blue"], active: "blue" }, loads, settings);
    const now = cluster === undefined ? 0 : standingMonthly(sized(beside), settings);
    const then = standingMonthly(sized([...beside, load]), settings);
    monthly = reading + Math.max(0, then - now);
  });
  return faults.length > 0 ? null : monthly;
}
