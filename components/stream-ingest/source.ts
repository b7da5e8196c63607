import { z } from "zod";

/** Events that producers put on a Kinesis stream, one JSON object a record. */
export const streamSource = z.strictObject({
  kind: z.literal("stream"),
  format: z.enum(["json"]),
});
