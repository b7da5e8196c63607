import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { Dataset } from "../../../declarations/dataset";
import type { Intaking } from "./bring-in";
import { contentHash } from "./content-hash";
import { formatOf } from "./inputs";
import { countRows } from "./source-rows";

/**
 * Writes down what lies in a dataset's raw prefix and did not come in by an intake, as what `basin upload` has put
 * there: the job will read it, so it counts as come in.
 *
 * @returns how many objects were found.
 */
export async function adoptStrangers(
  dataset: Dataset,
  { clients, rawBucket, ledger, python }: Intaking,
  temporary: string,
): Promise<number> {
  const known = new Set(ledger.finished(dataset.name).flatMap((intake) => intake.objects));
  const pages = paginateListObjectsV2(
    { client: clients.s3 },
    { Bucket: rawBucket, Prefix: `${dataset.name}/arrived=` },
  );
  let found = 0;
  for await (const { Contents = [] } of pages) {
    for (const { Key = "", Size = 0 } of Contents) {
      if (known.has(Key)) continue;
      await adopt(Key, Size);
      found += 1;
    }
  }
  return found;

  async function adopt(key: string, bytes: number): Promise<void> {
    const folder = mkdtempSync(join(temporary, "adopt-"));
    try {
      const copy = join(folder, basename(key));
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: rawBucket, Key: key }));
      await pipeline(Body as Readable, createWriteStream(copy));
      const rows = await countRows(copy, formatOf(copy, dataset), dataset, python);
      const id = ledger.begin(dataset.name, await contentHash(copy), `s3://${rawBucket}/${key}`);
      ledger.willWrite(id, key);
      ledger.end(id, rows, bytes);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
