import { z } from "zod";
import { LABEL, LABEL_FORM } from "../../declarations/identifiers";
import { cidr } from "../network/settings";

const arn = z.string().regex(/^arn:aws[a-z-]*:[a-z0-9-]+:/, "not an ARN; allowed: arn:aws:…");

const connection = z.strictObject({
  engine: z.enum(["postgres", "mysql", "oracle", "sqlserver"]),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  database: z.string().min(1),
  cidr: cidr.describe("The network in which the source answers."),
  secretArn: arn,
  caCertificateArn: arn.optional(),
  capacity: z.enum(["instance", "serverless"]).default("instance"),
});

/** Source databases by name. TLS is not an option: it is always on. */
export const connectionSettings = z.record(z.string().regex(LABEL, LABEL_FORM), connection).default({});
