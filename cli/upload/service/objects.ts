import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type HeadObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { checksumFields } from "../checksum/method";
import type { Payload } from "./body";
import type { Bucket, Sent } from "./bucket";

const MISSING = ["NotFound", "NoSuchKey"];
/** What the SDK makes of a refusal without a body. */
const UNEXPLAINED = ["UnknownError", "Unknown", "Forbidden", "403", "400"];
/** The name of S3's refusal where a condition does not hold. */
export const EXISTS = "PreconditionFailed";

/** What is at a key, with its checksum; undefined where nothing is. */
export async function headObject(bucket: Bucket, key: string): Promise<HeadObjectCommandOutput | undefined> {
  return await bucket.sendUnless(MISSING, key, (abortSignal) => head(bucket, key, abortSignal));
}

/**
 * As `headObject`, for who only wants to spare itself work: where the credentials do not let it look, there is nothing to
 * be seen. Whether something is wrong with them is told by the request that writes, for an answer to HEAD has no reason.
 */
export async function peekObject(bucket: Bucket, key: string): Promise<HeadObjectCommandOutput | undefined> {
  return await bucket.sendUnless([...MISSING, ...UNEXPLAINED], key, (abortSignal) => head(bucket, key, abortSignal));
}

async function head(bucket: Bucket, key: string, abortSignal: AbortSignal): Promise<HeadObjectCommandOutput> {
  return await bucket.client.send(new HeadObjectCommand({ ...bucket.at(key), ChecksumMode: "ENABLED" }), {
    abortSignal,
  });
}

/** A small object's text; undefined where nothing is. */
export async function readObject(bucket: Bucket, key: string): Promise<string | undefined> {
  return await bucket.sendUnless(MISSING, key, async (abortSignal) => {
    const { Body } = await bucket.client.send(new GetObjectCommand(bucket.at(key)), { abortSignal });
    return await Body?.transformToString();
  });
}

/**
 * A whole object in one request.
 *
 * @returns "exists", and nothing is written, where there is an object and it may not be replaced.
 */
export async function putObject(
  bucket: Bucket,
  key: string,
  payload: Payload,
  overwrite: boolean,
): Promise<Sent | "exists"> {
  const input = {
    ...bucket.at(key),
    ...bucket.kept(),
    ...checksumFields(bucket.method, payload.checksum),
    ...(overwrite ? {} : { IfNoneMatch: "*" }),
    ContentLength: payload.bytes,
  };
  try {
    return await bucket.sendPayload(key, payload, {
      attempt: async (Body, abortSignal) => {
        const direct = Buffer.isBuffer(Body) && (await bucket.direct.send(input, Body, abortSignal));
        return direct || (await bucket.client.send(new PutObjectCommand({ ...input, Body }), { abortSignal }));
      },
      ask: () => headObject(bucket, key),
      expected: [EXISTS],
    });
  } catch (error) {
    if ((error as Error).name === EXISTS) return "exists";
    throw error;
  }
}

export async function deleteObject(bucket: Bucket, key: string): Promise<void> {
  await bucket.send(key, (abortSignal) => bucket.client.send(new DeleteObjectCommand(bucket.at(key)), { abortSignal }));
}
