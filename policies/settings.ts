import { z } from "zod";
import { date } from "../declarations/units";

/** An agreed departure from a policy: who owns it, why, and until when. An expired one is a violation itself. */
export const exceptionSettings = z
  .array(
    z.strictObject({
      policy: z.string().min(1),
      resource: z.string().min(1),
      owner: z.string().min(1),
      reason: z.string().min(1),
      until: date,
    }),
  )
  .default([]);
