import { UPLOAD_ABORT_DAYS } from "../data-lake/lifecycle";
import type { Dataset } from "../../declarations/dataset";
import { SECONDS_A_DAY } from "../../capacity/volume";
import type { Environment } from "../environment";
import { wholeAfterSeconds } from "../stream-ingest/archive";
import { fanOutConsumer } from "../stream-ingest/policies";

/** What the job is told of a stream that it reads itself, beside what every job is told. */
export function streamArguments({ names, settings, capacity }: Environment, { name }: Dataset): string[] {
  const way = capacity.ways.find(({ dataset }) => dataset === name);
  const stream = capacity.streams.find(({ dataset }) => dataset === name);
  const archive = capacity.archives.find(({ dataset }) => dataset === name);
  if (!way?.triggerSeconds || !stream || !archive) throw new Error(`capacity has not sized the stream of ${name}`);
  const { maxRecordsPerBatch } = settings.streams;
  return [
    ...["--stream-name", names.stream(name)],
    ...["--endpoint-url", `https://kinesis.${settings.region}.amazonaws.com`, "--region", settings.region],
    ...["--trigger-seconds", String(way.triggerSeconds)],
    ...(maxRecordsPerBatch === undefined ? [] : ["--max-records-per-batch", String(maxRecordsPerBatch)]),
    ...(stream.fanOut ? ["--consumer-name", fanOutConsumer(names)] : []),
    ...["--archive-wait", String(wholeAfterSeconds(archive))],
    ...sweepArguments({ settings }),
  ];
}

/** How old an hour may be into which something still arrives: a stream's events, or an upload that goes on. */
export function sweepArguments({ settings }: Pick<Environment, "settings">): string[] {
  const longest = Math.max(settings.streams.retention, UPLOAD_ABORT_DAYS * SECONDS_A_DAY);
  return ["--sweep", String(longest + SECONDS_A_DAY)];
}
