import type { Dataset } from "../../declarations/dataset";
import { inputsOf } from "../../declarations/dataset-graph";
import type { Fault } from "../../declarations/faults";
import type { GroupLanes } from "../group-lanes";
import type { Group } from "../groups";
import type { Lane } from "../lanes";
import type { WorkScope } from "../runs";
import type { WayFigures, WaySize } from "../sizes";
import { arrange } from "./arrange";
import { directLoad, type DirectStream } from "./direct";
import { figuresOf, type Arrangement, type Figures } from "./figures";
import { refusedWith, wayReason } from "./reason";
import { directTiming, roomOf } from "./timing";

/** How every stream comes into its table, and the lanes of all that is not read by a standing cluster. */
export interface Decision {
  readonly lanes: readonly Lane[];
  readonly direct: readonly DirectStream[];
  readonly ways: readonly WaySize[];
  readonly refused: readonly Fault[];
}

/**
 * The way of each stream: the cheaper of those that keep its freshness and leave its readers enough of theirs.
 *
 * First whoever cannot be kept by clusters made for each run: the streams that feed it are read directly, as few as do.
 * Then, one after another, those for which a standing cluster that is there anyway costs less than their part of a run.
 * A stream that is read directly leaves its group: its readers take their runs when they are due, and find its table.
 */
export function decideWays(groups: readonly Group[], scope: WorkScope): Decision {
  const direct: DirectStream[] = [];
  const decided = groups.map((group) => {
    const found = decideGroup(group, scope, direct);
    direct.push(...found.direct);
    return found;
  });
  return {
    lanes: decided.flatMap(({ lanes }) => lanes),
    direct,
    ways: decided.flatMap(({ ways }) => ways),
    refused: decided.flatMap(({ refused }) => refused),
  };
}

/** @param before streams of other groups that standing clusters read */
function decideGroup(group: Group, scope: WorkScope, before: readonly DirectStream[]): Decision {
  const streams = group.datasets.filter(({ source }) => source.kind === "stream");
  const kept = keep(group, streams, scope);
  const arrangementOf = (direct: readonly DirectStream[]): Arrangement => ({ group, scope, before, direct });
  const figures = (stream: Dataset, direct: readonly DirectStream[]): Figures =>
    figuresOf(stream, arrangementOf(direct.filter(({ dataset }) => dataset !== stream)));
  if (kept.needed.length > 0 && !hasStanding(scope)) {
    const refused = kept.needed.map(({ direct, fault }) =>
      refusedWith(fault, direct.dataset, figures(direct.dataset, []), false),
    );
    return { lanes: [], direct: [], ways: [], refused: [...refused, ...kept.lanes.refused] };
  }
  if (kept.lanes.refused.length > 0) {
    const refused = kept.lanes.refused.map((fault) => {
      const stream = streams.find(({ file }) => file === fault.where);
      return stream && fault.key === "freshness"
        ? refusedWith(fault, stream, figures(stream, []), hasStanding(scope))
        : fault;
    });
    return { lanes: [], direct: [], ways: [], refused };
  }
  const direct = kept.needed.map((each) => each.direct);
  const ways: WaySize[] = [];
  for (const stream of streams) {
    const needed = direct.find(({ dataset }) => dataset === stream);
    const found = figures(stream, direct);
    const chosen = needed ?? (hasStanding(scope) && isCheaper(found) ? found.candidate : undefined);
    if (chosen && !needed) direct.push(chosen);
    ways.push(sizeOf(stream, found, chosen, scope));
  }
  return { lanes: arrange(group, direct, scope).lanes, direct, ways, refused: [] };
}

function hasStanding({ settings }: WorkScope): boolean {
  return Object.keys(settings.spark.standing).length > 0;
}

function isCheaper({ archive, direct }: Figures): boolean {
  return direct.keeps && direct.monthly !== null && (archive.monthly === null || direct.monthly < archive.monthly);
}

/** A stream that has to be read directly, and what cannot be kept otherwise. */
interface Needed {
  readonly direct: DirectStream;
  readonly fault: Fault;
}

/** Reads streams directly until all is kept, or until no other would help. */
function keep(
  group: Group,
  streams: readonly Dataset[],
  scope: WorkScope,
): { needed: readonly Needed[]; lanes: GroupLanes } {
  const needed: Needed[] = [];
  for (;;) {
    const direct = needed.map((each) => each.direct);
    const lanes = arrange(group, direct, scope);
    const next = lanes.refused.flatMap((fault) => {
      const feeding = feedersOf(group, fault.where);
      return streams
        .filter((stream) => feeding.has(stream.name) && !direct.some(({ dataset }) => dataset === stream))
        .flatMap((stream) => {
          const timing = directTiming(stream, roomOf(group, stream));
          return timing ? [{ direct: directLoad(stream, timing, scope), fault }] : [];
        });
    })[0];
    if (next === undefined) return { needed, lanes };
    needed.push(next);
  }
}

/** A dataset by its file, and all that it is made of. */
function feedersOf(group: Group, file: string): ReadonlySet<string> {
  const feeders = new Set(group.datasets.filter((dataset) => dataset.file === file).map(({ name }) => name));
  for (const dataset of [...group.datasets].reverse()) {
    if (feeders.has(dataset.name)) inputsOf(dataset).forEach((input) => feeders.add(input));
  }
  return feeders;
}

function sizeOf(stream: Dataset, found: Figures, chosen: DirectStream | undefined, scope: WorkScope): WaySize {
  return {
    dataset: stream.name,
    way: chosen ? "direct" : "archive",
    archive: rounded(found.archive),
    direct: rounded(found.direct),
    cluster: chosen?.cluster ?? null,
    triggerSeconds: chosen?.timing.triggerSeconds ?? null,
    reason: wayReason(stream, found, chosen, hasStanding(scope)),
  };
}

/** In cents, as the bill. */
function rounded({ latencySeconds, keeps, monthly }: WayFigures): WayFigures {
  return { latencySeconds, keeps, monthly: monthly === null ? null : Math.round(monthly * 100) / 100 };
}
