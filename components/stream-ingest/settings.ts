import { z } from "zod";
import { duration } from "../../declarations/units";

/** Kinesis keeps records for 24 hours to 365 days. */
const DAY = 86_400;

export const streamSettings = z
  .strictObject({
    mode: z.enum(["auto", "on-demand", "provisioned"]).default("auto"),
    retention: duration
      .refine((seconds) => seconds >= DAY && seconds <= 365 * DAY, {
        message: "Kinesis keeps records no shorter and no longer; allowed: 24 hours to 365 days",
      })
      .prefault("7 days")
      .describe("The longest outage after which no event is lost."),
    headroom: z.number().min(0).max(4).default(0.3),
    maxRecordsPerBatch: z.int().min(1).optional(),
  })
  .prefault({});
export type StreamSettings = z.output<typeof streamSettings>;
