import { z } from "zod";
import { formatBytes } from "../../declarations/units";

export const UPKEEP_MARK = "BASIN_UPKEEP ";

const figures = z.object({
  files: z.int(),
  bytes: z.int(),
  smallFiles: z.int(),
  smallBytes: z.int(),
  unclusteredFiles: z.int(),
  unclusteredBytes: z.int(),
  unneededBytes: z.int(),
  targetBytes: z.int(),
});

const upkeep = z.object({
  version: z.literal(1),
  dataset: z.string(),
  table: z.string(),
  before: figures,
  after: figures,
  compacted: z.string().nullable(),
  vacuumed: z.string().nullable(),
});

/** What upkeep found and did, a table each. */
export type Upkeep = z.output<typeof upkeep>;

/** The reports in a job's output. @throws Error when one is not of the agreed shape. */
export function upkeepReports(lines: readonly string[]): Upkeep[] {
  return lines
    .filter((line) => line.startsWith(UPKEEP_MARK))
    .map((line) => upkeep.parse(JSON.parse(line.slice(UPKEEP_MARK.length))));
}

/** A table's upkeep for a person to read. */
export function upkeepLine({ table, before, after, compacted, vacuumed }: Upkeep): string {
  const name = table.replace(/\/$/, "").split("/").slice(-2).join(".");
  const size = `${after.files} ${after.files === 1 ? "file" : "files"}, ${formatBytes(after.bytes)}`;
  const done = [
    ...(compacted === null ? [] : [`${before.files} files joined: ${compacted}`]),
    ...(vacuumed === null ? [] : [`vacuumed: ${vacuumed}`]),
  ];
  return `${name}: ${size}; ${done.join("; ") || "needs nothing"}`;
}
