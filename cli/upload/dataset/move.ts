import { reportedChecksum } from "../checksum/method";
import type { Proof } from "../object/transfer";
import type { Bucket } from "../service/bucket";
import { ChecksumMismatch } from "../service/failures";
import { abortUpload, completeUpload, copyPart, createUpload, type ProvedPart } from "../service/multipart";
import { deleteObject, headObject } from "../service/objects";

/**
 * Moves an object inside the service, part by part along the parts it was made of, so that its checksum stays the same.
 * May be repeated after it was interrupted.
 */
export async function moveObject(bucket: Bucket, from: string, to: string, proof: Proof): Promise<void> {
  if (!(await isThere(bucket, to, proof))) await copyObject(bucket, from, to, proof);
  await deleteObject(bucket, from);
}

async function isThere(bucket: Bucket, key: string, proof: Proof): Promise<boolean> {
  const head = await headObject(bucket, key);
  return head !== undefined && reportedChecksum(bucket.method, head) === proof.checksum;
}

async function copyObject(bucket: Bucket, from: string, to: string, proof: Proof): Promise<void> {
  const upload = await createUpload(bucket, to, proof.parts[0]?.bytes);
  const copied: ProvedPart[] = [];
  let offset = 0;
  for (const { number, bytes, checksum } of proof.parts) {
    const part = await copyPart(bucket, upload, number, from, { offset, bytes });
    if (part.checksum !== checksum) throw new ChecksumMismatch(bucket.address(to), checksum, part.checksum);
    copied.push(part);
    offset += bytes;
  }
  if ((await completeUpload(bucket, upload, copied, false)) === "exists") await abortUpload(bucket, upload);
}
