import { formatBytes } from "../../declarations/units";
import type { ObjectReport, UploadReport } from "./request";
import type { StaleUpload } from "./stale";

/** More than a screen of objects are only summed up. */
const MOST_LISTED = 20;

/** What an upload did, for a person. */
export function describeReport({ objects }: UploadReport, seconds: number): string {
  const listed = objects.length <= MOST_LISTED ? objects.map(describeObject) : [];
  const sent = objects.filter(({ partsSent }) => partsSent > 0);
  const there = objects.length - sent.length;
  const bytes = sent.reduce((sum, object) => sum + object.bytes * (object.partsSent / object.parts), 0);
  const rate = formatBytes(bytes / Math.max(seconds, 0.001));
  const summary = `sent ${formatBytes(bytes)} in ${seconds.toFixed(1)} s (${rate}/s): ${count(sent.length, "object")}`;
  return [...listed, there > 0 ? `${summary}; ${count(there, "object")} already there` : summary].join("\n");
}

function describeObject({ destination, bytes, parts, partsSent, checksum }: ObjectReport): string {
  const how = partsSent === 0 ? "already there" : parts === 1 ? "sent" : `sent ${partsSent} of ${count(parts, "part")}`;
  return `${destination}  ${formatBytes(bytes)}  ${how}  ${checksum}`;
}

/** Unfinished uploads, for a person. */
export function describeStale(uploads: readonly StaleUpload[]): string {
  if (uploads.length === 0) return "no unfinished uploads";
  const lines = uploads.map(({ destination, initiated, bytes, parts, aborted }) => {
    const since = initiated ?? "an unknown time";
    const fate = aborted ? "dropped" : "unfinished";
    return `${destination}  ${fate}, begun ${since}, ${count(parts, "part")}, ${formatBytes(bytes)}`;
  });
  return lines.join("\n");
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}
