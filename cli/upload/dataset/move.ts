import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { reportedChecksum } from "../checksum/method";
import type { Part } from "../object/parts";
import type { Proof } from "../object/transfer";
import type { Bucket } from "../service/bucket";
import { ChecksumMismatch } from "../service/failures";
import { abortUpload, completeCopy, copyPart, createUpload, type StoredPart } from "../service/multipart";
import { deleteObject, headObject } from "../service/objects";

/**
 * Moves an object inside the service, along the parts it was made of, so that its checksum stays the same. May be
 * repeated after it was interrupted.
 *
 * @throws ChecksumMismatch when the copy is not the original; both are kept then.
 */
export async function moveObject(bucket: Bucket, from: string, to: string, proof: Proof): Promise<void> {
  const original = await headObject(bucket, from);
  // An earlier run has moved it.
  if (original === undefined) return;
  if ((await headObject(bucket, to)) === undefined) await copyObject(bucket, from, to, proof);
  const copy = await headObject(bucket, to);
  if (!copy || !isCopy(bucket, copy, original)) {
    throw new ChecksumMismatch(bucket.address(to), proof.checksum, copy?.ETag ?? "nothing");
  }
  await deleteObject(bucket, from);
}

/** By the checksum; some services keep none of what they copy, but an ETag that follows from the parts. */
function isCopy({ method }: Bucket, copy: HeadObjectCommandOutput, original: HeadObjectCommandOutput): boolean {
  const checksum = reportedChecksum(method, copy);
  if (copy.ContentLength !== original.ContentLength) return false;
  return checksum === undefined ? copy.ETag === original.ETag : checksum === reportedChecksum(method, original);
}

async function copyObject(bucket: Bucket, from: string, to: string, proof: Proof): Promise<void> {
  const upload = await createUpload(bucket, to, proof.parts[0]?.bytes);
  const copied: StoredPart[] = [];
  let offset = 0;
  for (const { number, bytes } of proof.parts) {
    const part: Part = { number, offset, bytes };
    copied.push(await copyPart(bucket, upload, from, part));
    offset += bytes;
  }
  if ((await completeCopy(bucket, upload, copied)) === "exists") await abortUpload(bucket, upload);
}
