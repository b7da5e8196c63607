import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { InputError } from "../../../declarations/faults";
import { METHODS, reportedChecksum, type ChecksumMethod } from "../checksum/method";
import type { Bucket } from "../service/bucket";
import { PART_BYTES_METADATA } from "../service/multipart";
import { peekObject } from "../service/objects";
import type { SourceFile } from "../source/file";
import { LIMITS, partsOf } from "./parts";
import type { Outcome } from "./transfer";

/** What is at an object's key before it is sent. */
export type Existing =
  | { readonly is: "absent" }
  | { readonly is: "same"; readonly outcome: Outcome }
  | { readonly is: "other"; readonly why: string };

/** Compares what is at a key with a file, by size and then by the checksum that S3 reports. */
export async function compareExisting(bucket: Bucket, key: string, file: SourceFile): Promise<Existing> {
  const head = await peekObject(bucket, key);
  if (head === undefined) return { is: "absent" };
  if (head.ContentLength !== file.state.bytes) return { is: "other", why: "of another size" };
  const found = Object.values(METHODS).find((method) => reportedChecksum(method, head) !== undefined);
  const reported = found && reportedChecksum(found, head);
  if (!found || reported === undefined)
    return { is: "other", why: "for which S3 reports no checksum that is known here" };
  const parts = partsCount(reported);
  const computed = await checksumLike(head, found, parts, file);
  if (computed === undefined) return { is: "other", why: "whose parts nobody knows the size of" };
  if (computed !== reported) return { is: "other", why: "with other content" };
  const { algorithm } = found;
  const outcome = { key, bytes: file.state.bytes, parts: parts ?? 1, partsSent: 0, algorithm, checksum: reported };
  return { is: "same", outcome };
}

/** `<base64>-12` is the checksum of the checksums of 12 parts. */
function partsCount(reported: string): number | undefined {
  const count = /-(\d+)$/.exec(reported)?.[1];
  return count === undefined ? undefined : Number(count);
}

async function checksumLike(
  head: HeadObjectCommandOutput,
  method: ChecksumMethod,
  count: number | undefined,
  file: SourceFile,
): Promise<string | undefined> {
  const { bytes } = file.state;
  if (count === undefined) return await file.checksum(0, bytes, method);
  const partBytes = Number(head.Metadata?.[PART_BYTES_METADATA]);
  if (!(partBytes >= LIMITS.smallestPart) || Math.ceil(bytes / partBytes) !== count) return undefined;
  const parts: { bytes: number; checksum: string }[] = [];
  for (const part of partsOf(bytes, partBytes)) {
    parts.push({ bytes: part.bytes, checksum: await file.checksum(part.offset, part.bytes, method) });
  }
  return method.ofParts(parts);
}

/** The object is another one, and was not to be replaced. */
export function refuseOther(bucket: Bucket, key: string, source: string, why: string): InputError {
  const message = `there is an object already, ${why}; ${source} was not sent`;
  return new InputError([{ where: bucket.address(key), message, allowed: "--overwrite to replace it" }]);
}
