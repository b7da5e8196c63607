import { InputError } from "../../declarations/faults";
import type { Bytes } from "../../declarations/units";
import { METHODS, type Algorithm } from "./checksum/method";
import { placeFile, placeStream, type Intake } from "./dataset/place";
import { eachObject } from "./each-object";
import { Buffers } from "./object/buffers";
import { Journal } from "./object/journal";
import { sendLarge } from "./object/large";
import { SINGLE_PUT_BYTES } from "./object/parts";
import { sendSingle } from "./object/single";
import { sendStream } from "./object/stream";
import type { Outcome, Transfer } from "./object/transfer";
import type { ObjectReport, UploadReport, UploadRequest } from "./request";
import type { Bucket } from "./service/bucket";
import { ChecksumUnknown } from "./service/failures";
import { Meter } from "./service/meter";
import { listUploads, type OpenUpload } from "./service/multipart";
import { withBucket } from "./service/open-bucket";
import { ADAPTIVE, Pace } from "./service/pace";
import { expandSources, type Source } from "./source/expand";
import { SourceFile } from "./source/file";
import { keysFor } from "./source/keys";

const PROGRESS_MS = 250;

/**
 * Sends files, folders, globs or standard input to S3: large files in parts and small ones whole, together; what an
 * earlier run has sent is not sent again. Every object is proved by a checksum that S3 computes too.
 *
 * @throws InputError with everything that is wrong with sources and destination before anything is sent; for a service
 * that refuses or stays away; and at the end for objects that could not be made, when all others are.
 */
export async function upload(request: UploadRequest): Promise<UploadReport> {
  const sources = expandSources(request.sources, request.inputName);
  const algorithms: Algorithm[] = request.algorithm ? [request.algorithm] : ["SHA256", "CRC64NVME"];
  for (const algorithm of algorithms) {
    try {
      return await sendAll(request, sources, algorithm);
    } catch (error) {
      // What was sent by the other algorithm is found to be there, or begun again.
      if (!(error instanceof ChecksumUnknown)) throw error;
    }
  }
  const where = request.endpointUrl ?? `s3://${request.destination.bucket}`;
  const message = `does not report checksums (${algorithms.join(", ")}) of what it gets, so that nothing could be proved`;
  throw new InputError([{ where, message, allowed: "an S3 that does" }]);
}

async function sendAll(
  request: UploadRequest,
  sources: readonly Source[],
  algorithm: Algorithm,
): Promise<UploadReport> {
  const { destination, concurrency, signal, onProgress } = request;
  const keys = destination.dataset === undefined ? keysFor(sources, destination) : undefined;
  const pace = new Pace(concurrency === undefined ? ADAPTIVE : { ...ADAPTIVE, start: concurrency, most: concurrency });
  const meter = new Meter(sources.length, totalBytes(sources));
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", forward);
  if (signal?.aborted) forward();
  const ticker = setInterval(() => onProgress?.(meter.now()), PROGRESS_MS);
  const opening = { connection: request, destination, method: METHODS[algorithm], pace, meter, stop: stop.signal };
  try {
    return await withBucket(opening, async (bucket) => {
      const transfer = transferOf(request, bucket, pace, meter);
      const objects = await eachObject(sources, pace, stop, async (source, order) => {
        const report = await sendSource(request, transfer, source, order, keys?.[order]);
        meter.objectDone();
        return report;
      });
      onProgress?.(meter.now());
      return { version: 1, objects };
    });
  } finally {
    clearInterval(ticker);
    signal?.removeEventListener("abort", forward);
  }
}

function totalBytes(sources: readonly Source[]): Bytes | undefined {
  return sources.reduce<Bytes | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}

function transferOf(request: UploadRequest, bucket: Bucket, pace: Pace, meter: Meter): Transfer {
  const { endpointUrl = "aws", journalDir, overwrite = false, partBytes, onNotice } = request;
  // One listing serves all: whoever has many large files does not ask for each of them.
  let open: Promise<OpenUpload[] | undefined> | undefined;
  const { dataset, prefix } = request.destination;
  return {
    bucket,
    pace,
    meter,
    buffers: new Buffers(),
    overwrite,
    partBytes,
    last: { wasThere: true },
    notice: (text) => onNotice?.(text),
    journalOf: (key) => new Journal(journalDir, `${endpointUrl} ${bucket.address(key)}`),
    openUploads: async (key) => {
      open ??= listUploads(bucket, dataset === undefined ? prefix : `${dataset}/arrived=`);
      return ((await open) ?? []).filter((upload) => upload.key === key);
    },
  };
}

async function sendSource(
  request: UploadRequest,
  transfer: Transfer,
  source: Source,
  order: number,
  key: string | undefined,
): Promise<ObjectReport> {
  const began = performance.now();
  const outcome = await (source.bytes === undefined
    ? sendInput(request, transfer, source, order, key)
    : sendFile(request, transfer, source, order, key));
  return {
    source: source.path,
    destination: transfer.bucket.address(outcome.key),
    bytes: outcome.bytes,
    parts: outcome.parts,
    partsSent: outcome.partsSent,
    seconds: Math.round(performance.now() - began) / 1000,
    checksum: `${outcome.algorithm}:${outcome.checksum}`,
  };
}

async function sendFile(
  request: UploadRequest,
  transfer: Transfer,
  { path }: Source,
  order: number,
  key: string | undefined,
): Promise<Outcome> {
  const file = await SourceFile.open(path);
  try {
    const send = file.state.bytes > SINGLE_PUT_BYTES ? sendLarge : sendSingle;
    if (key !== undefined) return await send(transfer, { order, key }, file);
    const place = await placeFile(intakeOf(request, transfer), file);
    if (place.is === "there") return place.outcome;
    return await place.settle(await send(transfer, { order, ...place }, file));
  } finally {
    file.close();
  }
}

async function sendInput(
  request: UploadRequest,
  transfer: Transfer,
  { relative }: Source,
  order: number,
  key: string | undefined,
): Promise<Outcome> {
  const input = request.input ?? process.stdin;
  if (key !== undefined) return await sendStream(transfer, { order, key }, input);
  const place = placeStream(intakeOf(request, transfer), relative);
  return await place.settle(await sendStream(transfer, { order, ...place }, input));
}

function intakeOf({ destination, now = () => new Date() }: UploadRequest, transfer: Transfer): Intake {
  const { dataset } = destination;
  if (dataset === undefined) throw new Error("the destination is no dataset");
  return { transfer, dataset, now };
}
