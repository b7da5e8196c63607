import { z } from "zod";

const count = z.int().nonnegative();

const counts = z.object({
  rowsIn: count,
  rowsAccepted: count,
  rowsRejected: count,
  rowsSuperseded: count,
  rowsDeleted: count,
  rowsSetAside: count,
});

/** What a job says about its table on the last line of its output. */
const report = z.object({
  version: z.literal(1),
  dataset: z.string(),
  zone: z.enum(["silver", "gold"]),
  location: z.string(),
  tableVersion: z.int(),
  files: count,
  bytes: count,
  rowsTable: count,
  run: counts.extend({
    batches: count,
    /** How old the oldest row of the run was when readers could first see it. */
    commitAgeSeconds: z.number().nonnegative(),
    filesSetAside: z.array(z.object({ file: z.string(), reason: z.string() })),
  }),
  /** Over all batches of the table's epoch. */
  total: counts,
});
export type Report = z.output<typeof report>;
export type Counts = z.output<typeof counts>;

export const REPORT_MARK = "BASIN_REPORT ";

/**
 * The report in a job's output.
 *
 * @returns undefined when there is none.
 * @throws Error when there is one that is not of the agreed shape.
 */
export function findReport(lines: readonly string[]): Report | undefined {
  const line = lines.findLast((each) => each.startsWith(REPORT_MARK));
  return line === undefined ? undefined : report.parse(JSON.parse(line.slice(REPORT_MARK.length)));
}
