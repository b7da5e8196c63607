import type { Bytes, Seconds } from "../../declarations/units";
import { METHODS } from "./checksum/method";
import type { Connection, Destination } from "./request";
import { explain } from "./service/failures";
import { Meter } from "./service/meter";
import { abortUpload, listParts, listUploads, type OpenUpload } from "./service/multipart";
import { withBucket } from "./service/open-bucket";
import { ADAPTIVE, Pace } from "./service/pace";

/** An upload that was begun and not finished; S3 keeps its parts, and bills them, until it is. */
export interface StaleUpload {
  readonly destination: string;
  readonly uploadId: string;
  /** ISO 8601; null where the service does not say. */
  readonly initiated: string | null;
  readonly bytes: Bytes;
  readonly parts: number;
  readonly aborted: boolean;
}

export interface StaleRequest {
  readonly connection: Connection;
  readonly destination: Destination;
  readonly abort: boolean;
  /** Only those that were begun at least so long ago. */
  readonly olderThan: Seconds;
  readonly now?: Date;
}

/**
 * Lists the unfinished uploads under a destination, oldest first, and drops them where that is asked for. Nobody can tell
 * from outside whether one is still being sent.
 *
 * @throws InputError when the credentials do not suffice.
 */
export async function staleUploads(request: StaleRequest): Promise<StaleUpload[]> {
  const { connection, destination, abort, olderThan, now = new Date() } = request;
  const pace = new Pace(ADAPTIVE);
  const stop = new AbortController().signal;
  const opening = { connection, destination, method: METHODS.SHA256, pace, meter: new Meter(0, 0), stop };
  return await withBucket(opening, async (bucket) => {
    const prefix = destination.dataset === undefined ? destination.prefix : `${destination.dataset}/arrived=`;
    const uploads = await listUploads(bucket, prefix);
    if (!uploads) throw explain(Object.assign(new Error(), { name: "AccessDenied" }), bucket.address(prefix));
    const since = now.getTime() - olderThan * 1000;
    const stale: StaleUpload[] = [];
    for (const upload of uploads.filter((each) => begunBefore(each, since))) {
      const parts = (await listParts(bucket, upload)) ?? [];
      if (abort) await abortUpload(bucket, upload);
      stale.push({
        destination: bucket.address(upload.key),
        uploadId: upload.uploadId,
        initiated: upload.initiated?.toISOString() ?? null,
        bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
        parts: parts.length,
        aborted: abort,
      });
    }
    return stale;
  });
}

function begunBefore({ initiated }: OpenUpload, time: number): boolean {
  return initiated === undefined || initiated.getTime() <= time;
}
