import type { Bytes } from "../../../declarations/units";
import type { ChecksumMethod } from "../checksum/method";
import type { Bucket } from "../service/bucket";
import { abortUpload, listParts, type OpenUpload, type ProvedPart, type StoredPart } from "../service/multipart";
import { sameState, type SourceFile } from "../source/file";
import type { Journal, Memory } from "./journal";
import { LIMITS, partsOf, type Part } from "./parts";

/** Clocks of this machine and the service may differ by so much; S3 refuses requests that are further off. */
const CLOCK_SKEW_MS = 15 * 60_000;

/** An upload that goes on, and what it has. */
export interface Resumable {
  readonly upload: OpenUpload;
  readonly partBytes: Bytes;
  /** Parts that hold what the source holds now, by number. */
  readonly parts: ReadonlyMap<number, ProvedPart>;
}

export interface Search {
  readonly bucket: Bucket;
  readonly key: string;
  readonly file: SourceFile;
  readonly journal: Journal;
  /** Uploads to this key that the service has under way. */
  readonly open: readonly OpenUpload[];
  readonly notice: (text: string) => void;
}

/**
 * Finds an upload of this very file that was begun before. The service says what it has, and the source is what it must
 * hold: a part counts when its checksum, as the service lists it, is that of the source's range now. Only where the
 * journal knows that checksum and the file has not been touched since is the range not read again.
 */
export async function findResumable(search: Search): Promise<Resumable | undefined> {
  const memory = search.journal.recall();
  for (const upload of candidates(search, memory)) {
    const stored = await listParts(search.bucket, upload);
    if (stored === undefined) continue;
    const own = isOwn(upload, stored, memory) ? memory : undefined;
    if (stored.length === 0 && !own) continue;
    if (own && own.algorithm !== search.bucket.method.algorithm) {
      await abortUpload(search.bucket, upload);
      continue;
    }
    const partBytes = own?.partBytes ?? Math.max(...stored.map(({ bytes }) => bytes));
    const parts = await confirm(search, stored, partBytes, own);
    if (parts) return { upload, partBytes, parts };
    // Another's upload to the same key is none of our business; `basin upload --stale` shows it.
    if (!own) continue;
    search.notice(`${search.file.path}: changed since its upload was begun; starts over`);
    await abortUpload(search.bucket, upload);
  }
  return undefined;
}

/** The remembered upload first, then the newest. */
function candidates({ key, open }: Search, memory: Memory | undefined): OpenUpload[] {
  const remembered = memory?.uploadId;
  const others = open.filter((upload) => upload.key === key && upload.uploadId !== remembered).reverse();
  return remembered === undefined ? others : [{ key, uploadId: remembered, initiated: undefined }, ...others];
}

/** Whether the journal tells that this upload is of an earlier run here. */
function isOwn(upload: OpenUpload, stored: readonly StoredPart[], memory: Memory | undefined): boolean {
  if (!memory) return false;
  if (memory.uploadId !== undefined) return upload.uploadId === memory.uploadId;
  // That run ended between asking for an upload and hearing of it.
  const since = memory.began.getTime() - CLOCK_SKEW_MS;
  return stored.length === 0 && upload.initiated !== undefined && upload.initiated.getTime() >= since;
}

/** The stored parts that hold what the file holds now; undefined when it is another file than was begun to be sent. */
async function confirm(
  { bucket, file, notice }: Search,
  stored: readonly StoredPart[],
  partBytes: Bytes,
  own: Memory | undefined,
): Promise<Map<number, ProvedPart> | undefined> {
  const otherSize = own?.source !== undefined && own.source.bytes !== file.state.bytes;
  if (otherSize || file.state.bytes / partBytes > LIMITS.parts) return undefined;
  const untouched = own?.source !== undefined && sameState(own.source, file.state);
  const layout = partsOf(file.state.bytes, partBytes);
  const confirmed = new Map<number, ProvedPart>();
  for (const part of stored) {
    const remembered = untouched ? own.checksums.get(part.number) : undefined;
    const proved = await prove(part, layout[part.number - 1], remembered, bucket.method, file);
    if (proved) confirmed.set(part.number, proved);
    // Of a file that nobody touched, such a part was damaged on its way: it is sent again.
    else if (!untouched) return undefined;
  }
  if (own && !untouched && confirmed.size > 0) {
    notice(`${file.path}: touched since its upload was begun; the parts that were sent still match and are kept`);
  }
  return confirmed;
}

async function prove(
  stored: StoredPart,
  part: Part | undefined,
  remembered: string | undefined,
  method: ChecksumMethod,
  file: SourceFile,
): Promise<ProvedPart | undefined> {
  const { checksum } = stored;
  if (checksum === undefined || part?.bytes !== stored.bytes) return undefined;
  const wanted = remembered ?? (await file.checksum(part.offset, part.bytes, method));
  return checksum === wanted ? { ...stored, checksum } : undefined;
}
