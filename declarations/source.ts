import { z } from "zod";
import { databaseSource } from "../components/database-migration/source";
import { streamSource } from "../components/stream-ingest/source";
import { DATASET_NAME } from "./identifiers";

/** Files that are uploaded, or copied by DMS, into the dataset's raw prefix. */
export const filesSource = z.strictObject({
  kind: z.literal("files"),
  format: z.enum(["json", "csv", "parquet", "orc"]),
  header: z.boolean().default(true).describe("CSV: the first line names the columns."),
  delimiter: z.string().length(1, "allowed: one character").default(","),
  nulls: z.array(z.string()).default([""]).describe("Texts that mean null."),
  encoding: z.enum(["UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16LE", "UTF-16BE"]).default("UTF-8"),
  timeFormat: z.string().min(1).optional().describe("Spark's datetime pattern; ISO 8601 when left out."),
});

/** A table computed from others by the `.sql` or `.py` beside the declaration. */
export const derivedSource = z.strictObject({
  kind: z.literal("derived"),
  from: z.array(z.string().regex(DATASET_NAME)).min(1),
  refresh: z.enum(["full", "incremental"]).default("full"),
});

export const source = z.discriminatedUnion("kind", [streamSource, filesSource, databaseSource, derivedSource]);
export type Source = z.output<typeof source>;
