import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { startMiniStack } from "../../local/aws/ministack";
import { openStateFolder } from "../../local/state/state-folder";
import { readToolchain } from "../../local/toolchain";

export const BUCKET = "upload-tests";
const ACCOUNT = { accountId: "000000000000", region: "us-east-1" };
export const CREDENTIALS = { accessKeyId: ACCOUNT.accountId, secretAccessKey: "test" };

/** A real S3 for tests, in a folder of its own. */
export interface LocalS3 {
  readonly endpoint: () => string;
  /** Stops it and starts it again: objects survive, uploads under way do not. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly keys: (prefix: string) => Promise<string[]>;
  readonly text: (key: string) => Promise<string>;
  /** SHA-256 of an object's content, in hexadecimal. */
  readonly sha256: (key: string) => Promise<string>;
  /** Keys of uploads under way. */
  readonly open: (prefix?: string) => Promise<string[]>;
  readonly client: () => S3Client;
}

export async function startLocalS3(): Promise<LocalS3> {
  const folder = mkdtempSync(join(tmpdir(), "basin-upload-s3-"));
  const toolchain = readToolchain();
  const state = openStateFolder(folder);
  const start = async (): Promise<{ server: Awaited<ReturnType<typeof startMiniStack>>; client: S3Client }> => {
    const server = await startMiniStack(toolchain, state, ACCOUNT);
    const client = new S3Client({
      endpoint: server.endpoint,
      region: ACCOUNT.region,
      credentials: CREDENTIALS,
      forcePathStyle: true,
    });
    return { server, client };
  };
  let now = await start();
  await now.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const get = async (Key: string): Promise<Uint8Array> => {
    const { Body } = await now.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    if (!Body) throw new Error(`${Key} has no body`);
    return await Body.transformToByteArray();
  };
  return {
    endpoint: () => now.server.endpoint,
    client: () => now.client,
    restart: async () => {
      await now.server.process.stop();
      now.client.destroy();
      now = await start();
    },
    stop: async () => {
      await now.server.process.stop();
      now.client.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
    keys: async (Prefix) => {
      const { Contents = [] } = await now.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
      return Contents.map(({ Key = "" }) => Key);
    },
    text: async (key) => Buffer.from(await get(key)).toString(),
    sha256: async (key) =>
      createHash("sha256")
        .update(await get(key))
        .digest("hex"),
    open: async (Prefix = "") => {
      const { Uploads = [] } = await now.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix }));
      return Uploads.map(({ Key = "" }) => Key);
    },
  };
}
