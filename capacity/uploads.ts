import { InputError } from "../declarations/faults";
import { formatBytes, type Bytes } from "../declarations/units";
import type { UploadSize } from "./sizes";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/** S3's limits of a multipart upload. Source: S3 user guide, "Amazon S3 multipart upload limits". */
const MOST_PARTS = 10_000;
const LARGEST_PART: Bytes = 5 * GIB;
const LARGEST_OBJECT: Bytes = 48.8 * TIB;
/** One request carries 85–90 MB/s at best, so parts of this size last a fifth of a second: cheap to send again. */
const USUAL_PART: Bytes = 16 * MIB;

/**
 * Part size of one object: 16 MiB, more only where 10,000 parts would not hold it. Whole MiB.
 *
 * @throws InputError for an object that S3 does not take.
 */
export function partBytesFor(objectBytes: Bytes): Bytes {
  if (objectBytes > LARGEST_OBJECT) {
    const allowed = `objects up to ${formatBytes(LARGEST_OBJECT)}`;
    throw new InputError([
      { where: "upload", message: "is more than S3 takes in one object", found: formatBytes(objectBytes), allowed },
    ]);
  }
  const needed = Math.ceil(objectBytes / MOST_PARTS / MIB) * MIB;
  return Math.min(LARGEST_PART, Math.max(USUAL_PART, needed));
}

export function sizeUploads(): UploadSize {
  const holds = formatBytes(USUAL_PART * MOST_PARTS);
  return {
    partBytes: USUAL_PART,
    reason: `parts of ${formatBytes(USUAL_PART)} up to objects of ${holds}, which ${MOST_PARTS} parts hold; larger objects get larger parts`,
  };
}
