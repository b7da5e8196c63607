import type { Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import { formatDuration, type Seconds } from "../../declarations/units";
import { dollars } from "../wording";
import type { DirectStream } from "./direct";
import type { Figures } from "./figures";
import { FETCH, FRESHEST_DIRECT } from "./timing";

const NEEDS_KEY = "key: a stream that is read directly needs one";

/** Both figures, and what follows from them. */
export function wayReason(
  stream: Dataset,
  figures: Figures,
  chosen: DirectStream | undefined,
  hasStanding: boolean,
): string {
  return `${bothWays(figures, hasStanding)}; ${verdict(stream, figures, chosen, hasStanding)}`;
}

function verdict(
  { freshness, key }: Dataset,
  { archive, direct }: Figures,
  chosen: DirectStream | undefined,
  hasStanding: boolean,
): string {
  const promised = formatDuration(freshness);
  if (chosen) {
    return archive.keeps
      ? `the direct way is the cheaper of the two that keep ${promised}, on ${chosen.cluster}`
      : `only the direct way keeps ${promised} and what its readers promise, on ${chosen.cluster}`;
  }
  if (key === undefined) return `the archive way: ${NEEDS_KEY}`;
  if (!hasStanding) return "the archive way: spark.standing names no cluster";
  return direct.keeps
    ? `the archive way is the cheaper of the two that keep ${promised}`
    : `only the archive way keeps ${promised} and what its readers promise`;
}

/** `archive way: 29 minutes (…), $90 a month; direct way: 2 minutes (…), $40 a month`. */
function bothWays({ archive, direct, candidate }: Figures, hasStanding: boolean): string {
  const { buffer, schedule, start, run } = archive.parts;
  const { triggerSeconds } = candidate.timing;
  const atBest = (keeps: boolean): string => (keeps ? "" : " at best");
  const own = hasStanding ? "" : " with a standing cluster of its own";
  return (
    `archive way: ${spoken(archive.latencySeconds)}${atBest(archive.keeps)} (buffer ${spoken(buffer)}, ` +
    `schedule ${spoken(schedule)}, cluster start ${spoken(start)}, run ${spoken(run)}), ` +
    `${aMonth(archive.monthly)}; direct way: ${spoken(direct.latencySeconds)}${atBest(direct.keeps)} ` +
    `(fetch ${spoken(FETCH)}, interval ${spoken(triggerSeconds)}, batch ${spoken(triggerSeconds)}), ` +
    `${aMonth(direct.monthly)}${own}${ofOthers(direct.others)}`
  );
}

/** What is left of a group has another schedule, and less time where rows come to it later. */
function ofOthers(monthly: number): string {
  return monthly >= 1 ? `, ${dollars(monthly)} of it for what the other runs of its group cost more` : "";
}

/** Whole minutes from ten minutes on: the exact seconds stand in the JSON. */
function spoken(seconds: Seconds): string {
  return formatDuration(seconds < 600 ? seconds : Math.round(seconds / 60) * 60);
}

function aMonth(monthly: number | null): string {
  return monthly === null ? "more nodes than a cluster has" : `${dollars(monthly)} a month`;
}

/** A freshness that only the direct way keeps, or neither, with both figures. */
export function refusedWith(fault: Fault, stream: Dataset, figures: Figures, hasStanding: boolean): Fault {
  const message = `${fault.message}; ${bothWays(figures, hasStanding)}`;
  const directly = `${formatDuration(FRESHEST_DIRECT)} where a cluster in spark.standing reads it directly`;
  if (stream.key === undefined) return { ...fault, message: `${message}; ${NEEDS_KEY}` };
  return { ...fault, message, allowed: `${fault.allowed ?? ""}, or ${directly}` };
}
