import { z } from "zod";
import { date, duration } from "../../declarations/units";

/** How long raw is kept, and how far back the table's time travel reaches. */
export const retention = z
  .strictObject({
    raw: duration.prefault("400 days"),
    history: duration.prefault("30 days"),
  })
  .prefault({});

/** A version of the table that VACUUM never touches before `until`. */
export const pin = z.strictObject({ version: z.int().nonnegative(), until: date, why: z.string().min(1) });
