import type { RequestError } from "../service/failures";
import {
  abortUpload,
  completeUpload,
  createUpload,
  sendPart,
  UPLOAD_GONE,
  type OpenUpload,
  type ProvedPart,
} from "../service/multipart";
import type { SourceFile } from "../source/file";
import { compareExisting, refuseOther } from "./existing";
import type { Journal } from "./journal";
import { choosePartBytes, MOST_HELD, partsOf, type Part } from "./parts";
import { findResumable, type Resumable } from "./resume";
import type { Job, Outcome, Transfer } from "./transfer";

/** How often the service may lose an upload under our hands. */
const MOST_STARTS = 3;

/**
 * Sends a large file in parts, going on where an earlier run ended.
 *
 * @throws InputError when there is another object and it may not be replaced, or the file changes while it is read; the
 * parts that were sent are kept.
 */
export async function sendLarge(transfer: Transfer, job: Job, file: SourceFile): Promise<Outcome> {
  const { bucket, overwrite, notice } = transfer;
  const count = { sent: 0 };
  for (let start = 1; ; start += 1) {
    const existing = await compareExisting(bucket, job.key, file);
    if (existing.is === "same") return await settle(transfer, existing.outcome, count.sent);
    if (existing.is === "other" && !overwrite) throw refuseOther(bucket, job.key, file.path, existing.why);
    if (start > 1) notice(`${file.path}: the service no longer has its upload; starts over`);
    try {
      return await sendParts(transfer, job, file, count);
    } catch (error) {
      // Also when our own completion got through and only its answer was lost: what is there then tells.
      if ((error as RequestError).name !== UPLOAD_GONE || start === MOST_STARTS) throw error;
    }
  }
}

/** The object is there, by an earlier run or another one: nothing of ours is left beside it. */
async function settle(transfer: Transfer, outcome: Outcome, partsSent: number): Promise<Outcome> {
  const journal = transfer.journalOf(outcome.key);
  const uploadId = journal.recall()?.uploadId;
  if (uploadId !== undefined) {
    await abortUpload(transfer.bucket, { key: outcome.key, uploadId, initiated: undefined });
    journal.remove();
  }
  if (partsSent === 0) transfer.meter.found(outcome.bytes);
  return { ...outcome, partsSent };
}

async function sendParts(
  transfer: Transfer,
  { order, key, announce }: Job,
  file: SourceFile,
  count: { sent: number },
): Promise<Outcome> {
  const { bucket, overwrite } = transfer;
  const { bytes } = file.state;
  const journal = transfer.journalOf(key);
  const { upload, partBytes, parts: found } = await goOnOrBegin(transfer, key, file, journal);
  const layout = partsOf(bytes, partBytes);
  const parts = await finishAll(
    layout.map((part) => async (stillWanted: () => void) => {
      const there = found.get(part.number);
      if (there) transfer.meter.found(part.bytes);
      return there ?? (await sendOne(transfer, order, upload, part, file, stillWanted));
    }),
    (part) => {
      if (found.has(part.number)) return;
      count.sent += 1;
      journal.sent(part.number, part.checksum);
    },
  );
  file.mustBeUnchanged();
  await announce?.({ bytes, checksum: bucket.method.ofParts(parts), parts });
  const completed = await completeUpload(bucket, upload, parts, overwrite);
  if (completed === "exists") {
    const existing = await compareExisting(bucket, key, file);
    if (existing.is === "same") return await settle(transfer, existing.outcome, count.sent);
    throw refuseOther(bucket, key, file.path, existing.is === "other" ? existing.why : "gone again meanwhile");
  }
  journal.remove();
  return {
    key,
    bytes,
    parts: parts.length,
    partsSent: count.sent,
    algorithm: bucket.method.algorithm,
    checksum: completed.checksum,
  };
}

async function goOnOrBegin(transfer: Transfer, key: string, file: SourceFile, journal: Journal): Promise<Resumable> {
  const { bucket, notice } = transfer;
  const open = await transfer.openUploads(key);
  const resumable = await findResumable({ bucket, key, file, journal, open, notice });
  const { algorithm } = bucket.method;
  if (resumable) {
    const { upload, partBytes, parts } = resumable;
    const checksums = new Map(Array.from(parts, ([number, { checksum }]) => [number, checksum]));
    journal.begin({ algorithm, partBytes, source: file.state }, { uploadId: upload.uploadId, checksums });
    return resumable;
  }
  const partBytes = transfer.partBytes ?? choosePartBytes(file.state.bytes, transfer.pace.connectionRate);
  journal.begin({ algorithm, partBytes, source: file.state });
  const upload = await createUpload(bucket, key, partBytes);
  journal.created(upload.uploadId);
  return { upload, partBytes, parts: new Map() };
}

async function sendOne(
  { bucket, pace, buffers }: Transfer,
  order: number,
  upload: OpenUpload,
  { number, offset, bytes }: Part,
  file: SourceFile,
  stillWanted: () => void,
): Promise<ProvedPart> {
  if (bytes > MOST_HELD) {
    return await pace.run(order, 0, async () => {
      stillWanted();
      return await sendPart(bucket, upload, number, await file.stream(offset, bytes, bucket.method));
    });
  }
  return await pace.run(order, bytes, () =>
    buffers.with(bytes, async (memory) => {
      stillWanted();
      return await sendPart(bucket, upload, number, await file.read(memory, offset, bucket.method));
    }),
  );
}

/**
 * Runs all, in order of their results; after the first that fails, those that wait are not begun, and nothing runs any
 * more when this returns.
 */
async function finishAll<T>(
  works: readonly ((stillWanted: () => void) => Promise<T>)[],
  onDone: (result: T) => void,
): Promise<T[]> {
  let failed: { readonly error: unknown } | undefined;
  const stillWanted = (): void => {
    if (failed) throw failed.error;
  };
  const results = await Promise.allSettled(
    works.map(async (work) => {
      try {
        const result = await work(stillWanted);
        onDone(result);
        return result;
      } catch (error) {
        failed ??= { error };
        throw error;
      }
    }),
  );
  stillWanted();
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
