import type { Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import type { Seconds } from "../../declarations/units";
import { CLUSTER_START, type Timing } from "../cadence";
import { collecting, sizeLanes, type GroupLanes } from "../group-lanes";
import { connectedGroups, type Group } from "../groups";
import type { WorkScope } from "../runs";
import type { StandingSize, WayFigures } from "../sizes";
import { sizeStanding, type StreamLoad } from "../standing";
import { sizeStream } from "../streams";
import { arrange } from "./arrange";
import { directLoad, volumeOf, type DirectStream } from "./direct";
import { clustersMonthly, readingMonthly, standingMonthly } from "./monthly";
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
  readonly direct: WayFigures;
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
  const monthly = directMonthly(candidate, arrangement);
  return {
    archive: archiveFigures(stream, candidate, arrangement),
    direct: {
      latencySeconds: candidate.timing.latencySeconds,
      keeps: timing !== undefined && monthly !== null,
      monthly,
    },
    candidate,
  };
}

/** What the stream adds to its group's clusters; on a cluster of its own and at its best, where the group cannot keep it. */
function archiveFigures(stream: Dataset, candidate: DirectStream, arrangement: Arrangement): Figures["archive"] {
  const { group, scope, direct } = arrangement;
  const [whole, without] = [arrange(group, direct, scope), arrange(group, [...direct, candidate], scope)];
  const timing = whole.lanes.flatMap((lane) => lane.timing.get(stream.name) ?? [])[0];
  if (whole.refused.length === 0 && timing) {
    const [all, rest] = [lanesMonthly(whole, arrangement), lanesMonthly(without, arrangement)];
    const monthly = all === null || rest === null ? all : Math.max(0, all - rest);
    return { latencySeconds: timing.latencySeconds, keeps: true, monthly, parts: partsOf(timing) };
  }
  const [alone] = connectedGroups([atBest(stream)]);
  if (!alone) throw new Error(`no group of ${stream.name}`);
  const best = arrange(alone, [], scope);
  const own = best.lanes.flatMap((lane) => lane.timing.get(stream.name) ?? [])[0];
  if (!own) throw new Error(`no lane takes ${stream.name} at its best`);
  const { latencySeconds } = own;
  return { latencySeconds, keeps: false, monthly: lanesMonthly(best, arrangement), parts: partsOf(own) };
}

function partsOf({ bufferSeconds: buffer = 0, everySeconds: schedule, latencySeconds }: Timing): ArchiveParts {
  return { buffer, schedule, start: CLUSTER_START, run: latencySeconds - buffer - schedule - CLUSTER_START };
}

/** Null where a cluster would be larger than EMR makes one. */
function lanesMonthly({ lanes }: GroupLanes, { scope }: Arrangement): number | null {
  const faults: Fault[] = [];
  const sized = sizeLanes(lanes, scope, faults);
  return faults.length > 0 ? null : clustersMonthly(sized, scope.settings);
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
