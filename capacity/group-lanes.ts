import { InputError, type Fault } from "../declarations/faults";
import { clustersMonthly } from "./bill/run-cost";
import type { Held } from "./cadence";
import { cheapestCluster } from "./cheapest";
import type { Group } from "./groups";
import { lanesOf, type Lane } from "./lanes";
import { runLoad, type RunLoad, type WorkScope } from "./runs";
import type { ClusterSize, RunSize } from "./sizes";

/** What makes lanes of groups and clusters of lanes. */
export interface LaneScope extends WorkScope {
  /** Streams that standing clusters read. */
  readonly held: Held;
}

/** Lanes of groups with what of theirs is refused. */
export interface GroupLanes {
  readonly lanes: readonly Lane[];
  readonly refused: readonly Fault[];
}

/** The lanes of some groups: none of a group that cannot keep what it promises. */
export function groupLanes(groups: readonly Group[], scope: LaneScope): GroupLanes {
  const found = groups.map((group) => lanesOf(group, worthwhile(scope), scope.held));
  return {
    lanes: found.flatMap((each) => (each.refused ? [] : each.lanes)),
    refused: found.flatMap(({ refused = [] }) => refused),
  };
}

/** All run together where that costs no more than lanes apart: one start less, and more machines for less time. */
function worthwhile(scope: LaneScope): (together: Lane, apart: readonly Lane[]) => boolean {
  const monthly = (lanes: readonly Lane[]): number => lanesMonthly(lanes, scope) ?? Infinity;
  return (together, apart) => monthly([together]) <= monthly(apart);
}

/**
 * What lanes cost a month: of all their datasets, or of one. USD; null where a cluster would be larger than EMR makes one.
 */
export function lanesMonthly(lanes: readonly Lane[], scope: WorkScope, only?: string): number | null {
  const faults: Fault[] = [];
  const sized = sizeLanes(lanes, scope, faults);
  return faults.length > 0 ? null : clustersMonthly(sized, scope.settings, only);
}

function laneLoads({ group, timing }: Lane, scope: WorkScope): RunLoad[] {
  return group.datasets.flatMap((dataset) => {
    const own = timing.get(dataset.name);
    return own ? [runLoad(dataset, group.name, own, scope)] : [];
  });
}

/** What the lanes run on. */
export interface SizedLanes {
  readonly clusters: readonly ClusterSize[];
  readonly runs: readonly RunSize[];
}

/**
 * @param faults takes what is refused, so that everything is told at once
 * @param by.size gives a cluster its size: the cheapest when left out
 */
export function sizeLanes(
  lanes: readonly Lane[],
  scope: WorkScope,
  faults: Fault[],
  { size = cheapestCluster }: { readonly size?: typeof cheapestCluster } = {},
): SizedLanes {
  const clusters: ClusterSize[] = [];
  const runs: RunSize[] = [];
  for (const lane of lanes) {
    collecting(faults, () => {
      const sized = size(lane.group, laneLoads(lane, scope), scope.settings, lane.offsetSeconds);
      clusters.push(sized.cluster);
      runs.push(...sized.runs);
    });
  }
  return { clusters, runs };
}

/** Adds what is refused to the faults. */
export function collecting(faults: Fault[], size: () => void): void {
  try {
    size();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
  }
}
