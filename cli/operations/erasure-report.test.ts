import { describe, expect, it } from "vitest";
import { erasureLines, erasureReports } from "./erasure-report";

const RECORD = {
  version: 1,
  subject_hash: "ab",
  at: "20261129T120000Z",
  dry_run: false,
  pins: [],
  tables: [
    { place: "s3://lake/silver/people/", rows: 2, checksum: "cd" },
    { place: "s3://lake/silver/people__rejected/", rows: 0, checksum: "" },
  ],
  raw: [{ place: "s3://raw/people/arrived=2026-11-24T09/a.csv", rows: 1, checksum: "ef" }],
  landing: [{ place: "s3://landing/fleet/public/planes/LOAD00000001.parquet", rows: 3, checksum: "gh" }],
  unread: [],
  derived: ["counts"],
  expires: ["clicks: the events in its stream expire by 2026-12-06T12:00Z"],
  versions_removed: 7,
  verified: ["s3://lake/silver/people/"],
};
const read = (changes: object) => erasureReports([`BASIN_ERASURE ${JSON.stringify({ ...RECORD, ...changes })}`]);

describe("an erasure", () => {
  it("says what went where, and what expires by itself", () => {
    expect(read({}).flatMap(erasureLines)).toEqual([
      "s3://lake/silver/people/: 2 rows erased",
      "s3://raw/people/arrived=2026-11-24T09/a.csv: 1 row erased",
      "s3://landing/fleet/public/planes/LOAD00000001.parquet: 3 rows erased",
      "counts: computed from what is left",
      "clicks: the events in its stream expire by 2026-12-06T12:00Z",
      "1 places read again, the subject is in none; 7 old versions of objects removed",
    ]);
  });

  it("says of a dry run that it changed nothing, and which pins stand against it", () => {
    const lines = read({ dry_run: true, pins: ["people: version 1 until 2100-01-01 (an audit)"] }).flatMap(
      erasureLines,
    );
    expect(lines).toContain("s3://lake/silver/people/: 2 rows would be erased");
    expect(lines).toContain("pinned: people: version 1 until 2100-01-01 (an audit)");
    expect(lines.at(-1)).toBe("nothing was changed");
  });
});
