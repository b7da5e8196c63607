import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { isDatabase, landingPrefix } from "../../../components/database-migration/replication";
import type { Intaking, Moved } from "./bring-in";
import type { Input } from "./inputs";
import { countRows } from "./source-rows";

/** Puts a file as DMS writes them where DMS would put it: in landing. The dataset's step copies it into raw. */
export async function bringInChanges(
  { dataset, path, format, bytes }: Input,
  _willWrite: (key: string) => void,
  { clients, landingBucket, python, progress }: Intaking,
): Promise<Moved> {
  if (!isDatabase(dataset)) throw new Error(`${dataset.name} is no table of a database`);
  progress(`${dataset.name}: ${path}`);
  const rows = await countRows(path, format, dataset, python);
  const Key = `${landingPrefix(dataset)}${basename(path)}`;
  // One request: the file is there as a whole or not at all, and nothing has to be undone.
  await clients.s3.send(new PutObjectCommand({ Bucket: landingBucket, Key, Body: readFileSync(path) }));
  return { rows, bytes };
}
