import { z } from "zod";
import { duration } from "../../declarations/units";

const DAY = 86_400;
/** The periods of a year and more that CloudWatch knows, in days. Source: PutRetentionPolicy. */
const LOG_DAYS = [365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653] as const;
const [SHORTEST] = LOG_DAYS;
const LONGEST = LOG_DAYS[LOG_DAYS.length - 1] ?? SHORTEST;

export const logSettings = z
  .strictObject({
    retention: duration
      .refine((seconds) => seconds >= SHORTEST * DAY && seconds <= LONGEST * DAY, {
        message: `is no period for logs: an incident is often found months later; allowed: ${SHORTEST} to ${LONGEST} days`,
      })
      .prefault("400 days")
      .describe("How long logs are kept; the next longer period that CloudWatch knows."),
  })
  .prefault({});

/** Days for CloudWatch, never fewer than asked for. */
export function logRetentionDays({ retention }: z.output<typeof logSettings>): number {
  return LOG_DAYS.find((days) => days * DAY >= retention) ?? LONGEST;
}

const https = z.url({ protocol: /^https$/, message: "not an address; allowed: https://…" });

/** Who is told. Chat and pager are HTTPS addresses and may be given as `secure:`. */
export const alertSettings = z
  .strictObject({
    email: z.array(z.email({ message: "not an address; allowed: as data-platform@example.com" })).default([]),
    chat: https.optional(),
    pager: https.optional(),
    runbooks: https
      .transform((url) => url.replace(/\/+$/, ""))
      .optional()
      .describe("Where the team reads `docs/runbooks`; every alarm links there."),
  })
  .prefault({});

export const budgetSettings = z.strictObject({ monthly: z.number().positive().describe("USD a month.") }).optional();
