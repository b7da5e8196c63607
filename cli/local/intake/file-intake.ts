import { readFile } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Intaking, Moved } from "./bring-in";
import type { Input } from "./inputs";
import { rawKey } from "./raw-keys";
import { countRows } from "./source-rows";

/** Uploads a file into the dataset's raw prefix, under the hour of its arrival. */
export async function bringInFile(
  { dataset, path, format, bytes }: Input,
  hash: string,
  willWrite: (key: string) => void,
  { clients, rawBucket, python, progress }: Intaking,
): Promise<Moved> {
  progress(`${dataset.name}: ${path}`);
  const rows = await countRows(path, format, dataset, python);
  const key = rawKey(dataset.name, new Date(), path, hash);
  willWrite(key);
  await clients.s3.send(new PutObjectCommand({ Bucket: rawBucket, Key: key, Body: await readFile(path) }));
  return { rows, bytes };
}
