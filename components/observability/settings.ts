import { z } from "zod";

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
