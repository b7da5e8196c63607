import { z } from "zod";
import { uploadManifests } from "../../../components/data-lake/lifecycle";
import { checksumOf, type Algorithm } from "../checksum/method";
import type { Proof } from "../object/transfer";
import { payloadOf } from "../service/body";
import type { Bucket } from "../service/bucket";
import { putObject, readObject } from "../service/objects";

const part = z.object({ number: z.int(), bytes: z.int(), checksum: z.string() });

const manifest = z.object({
  version: z.literal(1),
  /** Where the object is, or shall be. */
  key: z.string(),
  /** Where it was put together, when it had to be moved to the hour in which it was finished. */
  from: z.string().optional(),
  bytes: z.int().optional(),
  algorithm: z.enum(["SHA256", "CRC64NVME"]).optional(),
  /** As S3 reports it for the object; absent while it is still being sent. */
  checksum: z.string().optional(),
  parts: z.array(part).optional(),
});

/** What is known of one object of a dataset, beside it in the raw bucket; see docs/upload.md. */
export type Manifest = z.output<typeof manifest>;

/** `_uploads/<dataset>/<name>.json`: no dataset's name begins with an underscore, and no hour is needed to find it. */
export function manifestKey(dataset: string, name: string): string {
  return `${uploadManifests(dataset)}${name}.json`;
}

export function manifestOf(key: string, proof: Proof | undefined, algorithm: Algorithm, from?: string): Manifest {
  const where = { version: 1 as const, key, ...(from === undefined ? {} : { from }) };
  if (proof === undefined) return where;
  const parts = proof.parts.map(({ number, bytes, checksum }) => ({ number, bytes, checksum }));
  return { ...where, bytes: proof.bytes, algorithm, checksum: proof.checksum, parts };
}

/** What a complete manifest proves. */
export function proofIn({ key, bytes, checksum, parts }: Manifest): Proof {
  if (bytes === undefined || checksum === undefined || parts === undefined) {
    throw new Error(`${key}: its manifest is not complete`);
  }
  return { bytes, checksum, parts };
}

/** Undefined where there is none, or something that is not a manifest: it is written anew then. */
export async function readManifest(bucket: Bucket, key: string): Promise<Manifest | undefined> {
  const text = await readObject(bucket, key);
  if (text === undefined) return undefined;
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @returns "exists", and nothing is written, where there is one and it was not to be replaced. */
export async function writeManifest(
  bucket: Bucket,
  key: string,
  value: Manifest,
  replace: boolean,
): Promise<"written" | "exists"> {
  const bytes = Buffer.from(JSON.stringify(value));
  const payload = payloadOf(bytes, await checksumOf(bucket.method, bytes));
  return (await putObject(bucket, key, payload, replace)) === "exists" ? "exists" : "written";
}
