import { z } from "zod";

/** A table of a source database that DMS replicates: once, its changes, or both. */
export const databaseSource = z.strictObject({
  kind: z.literal("database"),
  connection: z.string().min(1).describe("A name in the stack's `connections`."),
  table: z.string().regex(/^[^.\s]+\.[^.\s]+$/, "not a table; allowed: schema.table"),
  mode: z.enum(["full", "changes", "full-and-changes"]).default("full-and-changes"),
});
