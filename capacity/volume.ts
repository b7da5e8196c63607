import { z } from "zod";
import { bytes } from "../declarations/units";

/** How much of a dataset there is. Sizes are raw bytes as they arrive, before Delta compresses them. */
export const volume = z.strictObject({
  stored: bytes.describe("What lies in raw when the platform starts."),
  daily: bytes.refine((size) => size > 0, { message: "must be above zero" }).describe("Raw bytes that arrive a day."),
  record: bytes.refine((size) => size > 0, { message: "must be above zero" }).describe("Mean bytes of one record."),
  peak: z.number().positive().optional().describe("Records a second at the busiest time; 3 × the mean when left out."),
});
export type Volume = z.output<typeof volume>;

/** What the dataset's job is bound by: chooses compute-optimised, memory-optimised or NVMe nodes. */
export const work = z.enum(["scan", "shuffle", "iterate"]);
export type Work = z.output<typeof work>;

export const SECONDS_A_DAY = 86_400;
export const PEAK_OVER_MEAN = 3;

/** Mean records a second over a day. */
export function meanRecordsPerSecond(declared: Pick<Volume, "daily" | "record">): number {
  return declared.daily / declared.record / SECONDS_A_DAY;
}
