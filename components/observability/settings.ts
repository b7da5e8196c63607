import { z } from "zod";

/** Who is told. Chat and pager are HTTPS addresses and may be given as `secure:`. */
export const alertSettings = z
  .strictObject({
    email: z.array(z.email({ message: "not an address; allowed: as data-platform@example.com" })).default([]),
    chat: z.url({ protocol: /^https$/, message: "not an address; allowed: https://…" }).optional(),
    pager: z.url({ protocol: /^https$/, message: "not an address; allowed: https://…" }).optional(),
  })
  .prefault({});

export const budgetSettings = z.strictObject({ monthly: z.number().positive().describe("USD a month.") }).optional();
