import { InputError } from "../../../declarations/faults";
import { formatBytes, type Bytes } from "../../../declarations/units";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/** S3's limits. Source: S3 user guide, "Amazon S3 multipart upload limits". */
export const LIMITS = { parts: 10_000, smallestPart: 5 * MIB, largestPart: 5 * GIB, object: 48.8 * TIB } as const;

/** Up to here an object is one PUT: so little is sent again sooner than two more requests would be answered. */
export const SINGLE_PUT_BYTES = 16 * MIB;

const SMALLEST_USUAL = 8 * MIB;
const USUAL = 16 * MIB;
const LARGEST_USUAL = 64 * MIB;
/** A larger part is not held in memory, but read from its file as it is sent. */
export const MOST_HELD = LARGEST_USUAL;
/** An object should keep several connections busy. */
const FEWEST_PARTS = 8;
/** A part should last about this long: well above a request's own latency, and no pity to send again. */
const PART_SECONDS = 1;
/** Of a stream of unknown length, each so many parts are twice as long as those before. */
const STREAM_STEP = 1_000;
const LARGEST_STREAM_PART = 512 * MIB;

/** A range of an object. Numbers begin at 1. */
export interface Part {
  readonly number: number;
  readonly offset: Bytes;
  readonly bytes: Bytes;
}

/**
 * Part size of one object: 8 to 64 MiB, larger only where 10,000 such parts would not hold it. Whole MiB.
 *
 * @param connectionRate bytes per second that one connection was measured to carry; undefined before the first answer.
 * @throws InputError for an object that S3 does not take.
 */
export function choosePartBytes(objectBytes: Bytes, connectionRate: number | undefined): Bytes {
  if (objectBytes > LIMITS.object) {
    const allowed = `objects up to ${formatBytes(LIMITS.object)}`;
    const message = "is more than S3 takes in one object";
    throw new InputError([{ where: "upload", message, found: formatBytes(objectBytes), allowed }]);
  }
  const byRate = connectionRate === undefined ? USUAL : connectionRate * PART_SECONDS;
  const wanted = Math.min(byRate, objectBytes / FEWEST_PARTS);
  const usual = 2 ** Math.floor(Math.log2(Math.min(LARGEST_USUAL, Math.max(SMALLEST_USUAL, wanted))));
  const needed = Math.ceil(objectBytes / LIMITS.parts / MIB) * MIB;
  return Math.min(LIMITS.largestPart, Math.max(usual, needed));
}

/** Every part of an object, in order. */
export function partsOf(objectBytes: Bytes, partBytes: Bytes): Part[] {
  return Array.from({ length: Math.max(1, Math.ceil(objectBytes / partBytes)) }, (_, index) => {
    const offset = index * partBytes;
    return { number: index + 1, offset, bytes: Math.min(partBytes, objectBytes - offset) };
  });
}

/**
 * Size of a part of a stream whose length nobody knows. It follows from the number alone, so that a stream that is piped
 * in again finds its parts again; 10,000 of them hold 2.9 TiB.
 */
export function streamPartBytes(number: number): Bytes {
  return Math.min(LARGEST_STREAM_PART, USUAL * 2 ** Math.floor((number - 1) / STREAM_STEP));
}
