import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListParts,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ListMultipartUploadsCommandInput,
  type Part as S3Part,
} from "@aws-sdk/client-s3";
import type { Bytes } from "../../../declarations/units";
import { checksumFields, reportedChecksum } from "../checksum/method";
import type { Part } from "../object/parts";
import type { Payload } from "./body";
import type { Bucket, Sent } from "./bucket";
import { EXISTS, headObject } from "./objects";

/** Part size of an object that came in parts: without it nobody could compute its checksum again. */
export const PART_BYTES_METADATA = "basin-part-bytes";

/** The service no longer has this upload: it was completed, aborted or lost. */
export const UPLOAD_GONE = "NoSuchUpload";
const GONE = [UPLOAD_GONE];

/** A multipart upload that is under way. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date | undefined;
}

/** A part that the service confirms to have. */
export interface StoredPart {
  readonly number: number;
  readonly bytes: Bytes;
  readonly etag: string;
  /** In base64; undefined where the service does not list it. */
  readonly checksum: string | undefined;
}

/** A part that both ends agree on. */
export interface ProvedPart {
  readonly number: number;
  readonly bytes: Bytes;
  readonly etag: string;
  readonly checksum: string;
}

/** Begins a multipart upload. `partBytes` is kept with the object; undefined where parts differ in size. */
export async function createUpload(bucket: Bucket, key: string, partBytes: Bytes | undefined): Promise<OpenUpload> {
  const { algorithm, multipartType } = bucket.method;
  const { UploadId } = await bucket.send(key, (abortSignal) => {
    const command = new CreateMultipartUploadCommand({
      ...bucket.at(key),
      ...bucket.kept(),
      ChecksumAlgorithm: algorithm,
      ChecksumType: multipartType,
      ...(partBytes === undefined ? {} : { Metadata: { [PART_BYTES_METADATA]: String(partBytes) } }),
    });
    return bucket.client.send(command, { abortSignal });
  });
  if (UploadId === undefined) throw new Error(`${bucket.address(key)}: the service began an upload without an id`);
  return { key, uploadId: UploadId, initiated: undefined };
}

/** @throws an error named `UPLOAD_GONE` when the service does not have the upload any more. */
export async function sendPart(
  bucket: Bucket,
  upload: OpenUpload,
  number: number,
  payload: Payload,
): Promise<ProvedPart> {
  const { key, uploadId } = upload;
  const input = {
    ...bucket.at(key),
    ...checksumFields(bucket.method, payload.checksum),
    UploadId: uploadId,
    PartNumber: number,
    ContentLength: payload.bytes,
  };
  const sent = await bucket.sendPayload(key, payload, {
    attempt: (Body, abortSignal) => bucket.client.send(new UploadPartCommand({ ...input, Body }), { abortSignal }),
    ask: () => listPart(bucket, upload, number),
    expected: GONE,
  });
  return { number, bytes: payload.bytes, ...sent };
}

async function listPart(bucket: Bucket, { key, uploadId }: OpenUpload, number: number): Promise<S3Part | undefined> {
  const before = { PartNumberMarker: String(number - 1), MaxParts: 1 };
  const { Parts } = await bucket.send(key, (abortSignal) =>
    bucket.client.send(new ListPartsCommand({ ...bucket.at(key), UploadId: uploadId, ...before }), { abortSignal }),
  );
  return Parts?.find(({ PartNumber }) => PartNumber === number);
}

/** Makes a part of a range of another object of the bucket, without the bytes coming here. */
export async function copyPart(
  bucket: Bucket,
  { key, uploadId }: OpenUpload,
  from: string,
  { number, offset, bytes }: Part,
): Promise<StoredPart> {
  const input = {
    ...bucket.at(key),
    UploadId: uploadId,
    PartNumber: number,
    CopySource: `${bucket.name}/${from.split("/").map(encodeURIComponent).join("/")}`,
    CopySourceRange: `bytes=${offset}-${offset + bytes - 1}`,
  };
  const { CopyPartResult: copied = {} } = await bucket.send(key, (abortSignal) =>
    bucket.client.send(new UploadPartCopyCommand(input), { abortSignal }),
  );
  return { number, bytes, etag: copied.ETag ?? "", checksum: reportedChecksum(bucket.method, copied) };
}

/**
 * Makes the object of copied parts; the caller proves it.
 *
 * @returns "exists", and nothing is written, where there is an object.
 */
export async function completeCopy(
  bucket: Bucket,
  { key, uploadId }: OpenUpload,
  parts: readonly StoredPart[],
): Promise<"written" | "exists"> {
  const Parts = parts.map(({ number, etag, checksum }) => ({
    PartNumber: number,
    ETag: etag,
    ...(checksum === undefined ? {} : checksumFields(bucket.method, checksum)),
  }));
  const answer = await bucket.sendUnless([EXISTS], key, (abortSignal) => {
    const whole = { UploadId: uploadId, MultipartUpload: { Parts }, IfNoneMatch: "*" };
    return bucket.client.send(new CompleteMultipartUploadCommand({ ...bucket.at(key), ...whole }), { abortSignal });
  });
  return answer ? "written" : "exists";
}

/** Parts that the service has, by number; undefined when it does not have the upload any more. */
export async function listParts(bucket: Bucket, { key, uploadId }: OpenUpload): Promise<StoredPart[] | undefined> {
  return await bucket.sendUnless(GONE, key, async () => {
    const parts: StoredPart[] = [];
    const request = { ...bucket.at(key), UploadId: uploadId };
    for await (const { Parts = [] } of paginateListParts({ client: bucket.client }, request)) {
      for (const part of Parts) {
        const { PartNumber: number = 0, Size: bytes = 0, ETag: etag = "" } = part;
        parts.push({ number, bytes, etag, checksum: reportedChecksum(bucket.method, part) });
      }
    }
    return parts.sort((a, b) => a.number - b.number);
  });
}

/**
 * Multipart uploads under way whose keys begin so, newest last.
 *
 * @returns undefined where the credentials may not list them.
 */
export async function listUploads(bucket: Bucket, prefix: string): Promise<OpenUpload[] | undefined> {
  const found: OpenUpload[] = [];
  const request: ListMultipartUploadsCommandInput = { ...bucket.place, Prefix: prefix };
  for (let more = true; more;) {
    const answer = await bucket.sendUnless(["AccessDenied"], prefix, (abortSignal) =>
      bucket.client.send(new ListMultipartUploadsCommand(request), { abortSignal }),
    );
    if (answer === undefined) return undefined;
    for (const { Key: key, UploadId: uploadId, Initiated: initiated } of answer.Uploads ?? []) {
      if (key !== undefined && uploadId !== undefined) found.push({ key, uploadId, initiated });
    }
    more = answer.IsTruncated ?? false;
    request.KeyMarker = answer.NextKeyMarker;
    request.UploadIdMarker = answer.NextUploadIdMarker;
  }
  return found.sort((a, b) => (a.initiated?.getTime() ?? 0) - (b.initiated?.getTime() ?? 0));
}

/**
 * Makes the object of its parts.
 *
 * @returns the checksum that S3 reports; "exists" where there is an object already and it may not be replaced.
 * @throws an error named `UPLOAD_GONE` when the service does not have the upload any more; also after an earlier answer
 * to this very request got lost.
 */
export async function completeUpload(
  bucket: Bucket,
  { key, uploadId }: OpenUpload,
  parts: readonly ProvedPart[],
  overwrite: boolean,
): Promise<Sent | "exists"> {
  const Parts = parts.map(({ number, etag, checksum }) => ({
    PartNumber: number,
    ETag: etag,
    ...checksumFields(bucket.method, checksum),
  }));
  const expected = [UPLOAD_GONE, EXISTS];
  const whole = bucket.method.ofParts(parts);
  try {
    return await bucket.send(
      key,
      async (abortSignal) => {
        const command = new CompleteMultipartUploadCommand({
          ...bucket.at(key),
          UploadId: uploadId,
          MultipartUpload: { Parts },
          ChecksumType: bucket.method.multipartType,
          ...(bucket.method.multipartType === "FULL_OBJECT" ? checksumFields(bucket.method, whole) : {}),
          ...(overwrite ? {} : { IfNoneMatch: "*" }),
        });
        const answer = await bucket.client.send(command, { abortSignal });
        return await bucket.proved(key, whole, answer, () => headObject(bucket, key));
      },
      expected,
    );
  } catch (error) {
    if ((error as Error).name === EXISTS) return "exists";
    throw error;
  }
}

/** Drops an upload and its parts; one that is gone is dropped already. */
export async function abortUpload(bucket: Bucket, { key, uploadId }: OpenUpload): Promise<void> {
  await bucket.sendUnless(GONE, key, (abortSignal) =>
    bucket.client.send(new AbortMultipartUploadCommand({ ...bucket.at(key), UploadId: uploadId }), { abortSignal }),
  );
}
