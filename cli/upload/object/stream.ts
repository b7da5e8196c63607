import type { Readable } from "node:stream";
import { InputError } from "../../../declarations/faults";
import { checksumOf, reportedChecksum } from "../checksum/method";
import { payloadOf } from "../service/body";
import type { Sent } from "../service/bucket";
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  sendPart,
  type OpenUpload,
  type ProvedPart,
  type StoredPart,
} from "../service/multipart";
import { headObject, peekObject, putObject } from "../service/objects";
import { StreamReader } from "../source/stream-reader";
import { refuseOther } from "./existing";
import { LIMITS, streamPartBytes } from "./parts";
import type { Job, Outcome, Proof, Transfer } from "./transfer";

/** What standard input is called in messages. */
const SOURCE = "standard input";

/**
 * Sends what a stream holds, however long it is: as one PUT when it ends within the first part, in parts otherwise. A
 * stream that is piped in again goes on: parts that the service has with the same checksum are read, but not sent.
 *
 * @throws InputError when there is another object and it may not be replaced, or the stream is too long for S3.
 */
export async function sendStream(transfer: Transfer, job: Job, input: Readable): Promise<Outcome> {
  const { pace, buffers } = transfer;
  const reader = new StreamReader(input);
  const count = { sent: 0, failed: false };
  const sending: Promise<ProvedPart>[] = [];
  let begun: Begun | undefined;
  for (let number = 1, goesOn = true; goesOn && !count.failed; number += 1) {
    if (number > LIMITS.parts) throw tooLong();
    const size = streamPartBytes(number);
    // The slot comes before the reading: it bounds the memory.
    const leave = await pace.enter(job.order, size);
    const memory = buffers.take(size);
    const bytes = memory.subarray(0, await reader.fill(memory.subarray(0, size)));
    goesOn = bytes.length === size;
    const done = (): void => {
      buffers.give(memory);
      leave();
    };
    if (number === 1 && !goesOn) return await sendWhole(transfer, job, bytes).finally(done);
    if (bytes.length === 0) {
      done();
      break;
    }
    begun ??= await begin(transfer, job.key);
    const part = sendOne(transfer, begun, number, bytes, count).finally(done);
    // The failure itself is met below; no more is read for nothing.
    part.catch(() => (count.failed = true));
    sending.push(part);
  }
  const parts = await Promise.all(sending);
  if (begun === undefined) throw new Error("a stream in parts has no upload");
  return await finish(transfer, job, begun.upload, parts, count.sent);
}

function tooLong(): InputError {
  const allowed = `at most ${LIMITS.parts} parts`;
  return new InputError([{ where: SOURCE, message: "is more than S3 takes in one object", allowed }]);
}

async function sendWhole({ bucket, meter, overwrite }: Transfer, job: Job, bytes: Buffer): Promise<Outcome> {
  const { key, announce } = job;
  const { algorithm } = bucket.method;
  const checksum = await checksumOf(bucket.method, bytes);
  const proof: Proof = { bytes: bytes.length, checksum, parts: [{ number: 1, bytes: bytes.length, checksum }] };
  await announce?.(proof);
  const sent = await putObject(bucket, key, payloadOf(bytes, checksum), overwrite);
  if (sent !== "exists") return { key, bytes: bytes.length, parts: 1, partsSent: 1, algorithm, checksum };
  await mustBeSame({ bucket }, key, checksum);
  meter.found(bytes.length);
  return { key, bytes: bytes.length, parts: 1, partsSent: 0, algorithm, checksum };
}

interface Begun {
  readonly upload: OpenUpload;
  readonly stored: ReadonlyMap<number, StoredPart>;
}

/** The upload that the journal remembers, or a new one. */
async function begin({ bucket, journalOf, overwrite }: Transfer, key: string): Promise<Begun> {
  // A long stream would be refused at its end all the same.
  if (!overwrite && (await peekObject(bucket, key)) !== undefined) {
    throw refuseOther(bucket, key, SOURCE, "which a stream is not compared with");
  }
  const journal = journalOf(key);
  const memory = journal.recall();
  const { algorithm } = bucket.method;
  if (memory?.uploadId !== undefined && memory.source === undefined && memory.algorithm === algorithm) {
    const upload = { key, uploadId: memory.uploadId, initiated: undefined };
    const stored = await listParts(bucket, upload);
    if (stored) {
      journal.begin({ algorithm, partBytes: undefined, source: undefined }, { ...memory, uploadId: memory.uploadId });
      return { upload, stored: new Map(stored.map((part) => [part.number, part])) };
    }
  }
  journal.begin({ algorithm, partBytes: undefined, source: undefined });
  const upload = await createUpload(bucket, key, undefined);
  journal.created(upload.uploadId);
  return { upload, stored: new Map() };
}

async function sendOne(
  { bucket, meter, journalOf }: Transfer,
  { upload, stored }: Begun,
  number: number,
  bytes: Buffer,
  count: { sent: number },
): Promise<ProvedPart> {
  const checksum = await checksumOf(bucket.method, bytes);
  const there = stored.get(number);
  if (there?.checksum === checksum && there.bytes === bytes.length) {
    meter.found(bytes.length);
    return { ...there, checksum };
  }
  const part = await sendPart(bucket, upload, number, payloadOf(bytes, checksum));
  journalOf(upload.key).sent(number, checksum);
  count.sent += 1;
  return part;
}

async function finish(
  { bucket, journalOf, overwrite }: Transfer,
  { key, announce }: Job,
  upload: OpenUpload,
  parts: readonly ProvedPart[],
  partsSent: number,
): Promise<Outcome> {
  const checksum = bucket.method.ofParts(parts);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  await announce?.({ bytes, checksum, parts });
  const completed: Sent | "exists" = await completeUpload(bucket, upload, parts, overwrite);
  if (completed === "exists") {
    await mustBeSame({ bucket }, key, checksum);
    await abortUpload(bucket, upload);
  }
  journalOf(key).remove();
  return { key, bytes, parts: parts.length, partsSent, algorithm: bucket.method.algorithm, checksum };
}

/** @throws InputError when what is at the key is not what was sent. */
async function mustBeSame({ bucket }: Pick<Transfer, "bucket">, key: string, checksum: string): Promise<void> {
  const head = await headObject(bucket, key);
  if (head && reportedChecksum(bucket.method, head) === checksum) return;
  throw refuseOther(bucket, key, SOURCE, "with other content");
}
