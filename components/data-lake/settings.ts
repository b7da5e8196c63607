import { z } from "zod";
import { DATASET_NAME, LABEL, LABEL_FORM } from "../../declarations/identifiers";
import { date } from "../../declarations/units";

export const accountId = z.string().regex(/^\d{12}$/, "not an account; allowed: 12 digits, in quotes");
export const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "not a region; allowed: as us-east-1");

const consumer = z.strictObject({
  account: accountId,
  role: z
    .string()
    .regex(/^[\w+=,.@/-]{1,512}$/, "not a role's name or path")
    .optional(),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{8,1224}$/, "not an external id; allowed: 8 to 1,224 letters, digits and _+=,.@:/-")
    .optional(),
  catalogue: z.boolean().default(false),
});

/** Who may read what the datasets grant. */
export const consumerSettings = z.record(z.string().regex(LABEL, LABEL_FORM), consumer).default({});
/** A second region that keeps a copy of raw and lake. */
export const replicaSettings = z.strictObject({ region: regionName }).optional();
/** Datasets without jobs in this stack, and since when; their data and table stay. */
export const retiredSettings = z.record(z.string().regex(DATASET_NAME), date).default({});
/** One of the two keys to destroy data; the other is `disposable` in the dataset. */
export const deletionSettings = z
  .strictObject({ allow: z.array(z.string().regex(DATASET_NAME)).min(1), until: date })
  .optional();
/** Replacements of protected resources that somebody has agreed to, until a day. */
export const acknowledgeSettings = z.array(z.strictObject({ replace: z.string().min(1), until: date })).default([]);
