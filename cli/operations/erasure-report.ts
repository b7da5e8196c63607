import { z } from "zod";

export const ERASURE_MARK = "BASIN_ERASURE ";

const finding = z.object({ place: z.string(), rows: z.int(), checksum: z.string() });

const erasure = z.object({
  version: z.literal(1),
  dry_run: z.boolean(),
  pins: z.array(z.string()),
  tables: z.array(finding),
  raw: z.array(finding),
  landing: z.array(finding),
  unread: z.array(z.string()),
  derived: z.array(z.string()),
  expires: z.array(z.string()),
  versions_removed: z.int(),
  verified: z.array(z.string()),
});

/** What an erasure found and did. */
export type Erasure = z.output<typeof erasure>;

/** The reports in a job's output. @throws Error when one is not of the agreed shape. */
export function erasureReports(lines: readonly string[]): Erasure[] {
  return lines
    .filter((line) => line.startsWith(ERASURE_MARK))
    .map((line) => erasure.parse(JSON.parse(line.slice(ERASURE_MARK.length))));
}

/** An erasure for a person to read; the subject is not in it. */
export function erasureLines(erasure: Erasure): string[] {
  const found = [...erasure.tables, ...erasure.raw, ...erasure.landing].filter(({ rows }) => rows > 0);
  const done = erasure.dry_run ? "would be erased" : "erased";
  return [
    ...found.map(({ place, rows }) => `${place}: ${rows} ${rows === 1 ? "row" : "rows"} ${done}`),
    ...erasure.derived.map((dataset) => `${dataset}: ${erasure.dry_run ? "would be " : ""}computed from what is left`),
    ...erasure.pins.map((pin) => `pinned: ${pin}`),
    ...erasure.unread.map((file) => `to be looked at by hand: ${file}`),
    ...erasure.expires,
    erasure.dry_run
      ? "nothing was changed"
      : `${erasure.verified.length} places read again, the subject is in none; ${erasure.versions_removed} old versions of objects removed`,
  ];
}
