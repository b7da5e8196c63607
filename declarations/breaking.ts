import { z } from "zod";
import { columnName } from "./column-name";
import { date } from "./units";

/** What readers rely on beside columns: where the table is, how old it may be, its key, who may read it, its stream. */
export const PROMISES = ["location", "freshness", "key", "readers", "stream"] as const;
export type DatasetPromise = (typeof PROMISES)[number];

/** What may break for readers from a day on, because they were told. */
export const breaking = z
  .strictObject({
    accept: z.array(columnName).default([]).describe("Columns that go, get another type or may be null."),
    promises: z.array(z.enum(PROMISES)).default([]).describe("What else the contract says that may change."),
    since: date.describe("The day, in UTC, from which it is accepted."),
  })
  .refine(({ accept, promises }) => accept.length + promises.length > 0, {
    message: `accepts nothing; allowed: columns in accept, or promises: ${PROMISES.join(", ")}`,
  });
export type Breaking = z.output<typeof breaking>;
