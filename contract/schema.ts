import { z } from "zod";

/**
 * Version of the contract, and the major version of this package. A key is only ever added within a version, and an
 * added one is optional: whoever reads a contract of the same version understands it, newer or older.
 */
export const CONTRACT_VERSION = 1;

const arn = z.string().startsWith("arn:");
const account = z.string().regex(/^\d{12}$/);

const column = z.object({
  /** Spark SQL's type, as `decimal(10,2)`. */
  type: z.string(),
  /** Never null. */
  required: z.boolean(),
  description: z.string().optional(),
});

/** How one consumer reads a dataset. */
const reader = z.object({
  /** The consumer's own account: only from there the role can be assumed. */
  account,
  /** The one role in that account that may, by name or path; any that its account lets, when left out. */
  role: z.string().optional(),
  /** The role to assume, in the platform's account. */
  roleArn: arn,
  /** To be sent when it is assumed. The only value here that may be a secret: it is one where the settings keep it so. */
  externalId: z.string(),
  /** Where the role queries with Athena. */
  workGroup: z.string(),
  /** The event bus in the consumer's account on which new versions are told. */
  versionsBus: z.string(),
  /** The account may also query the catalogue and read the files itself, without the role. */
  catalogue: z.boolean().optional(),
});

const dataset = z.object({
  owner: z.string(),
  description: z.string(),
  zone: z.enum(["silver", "gold"]),
  location: z.string().startsWith("s3://"),
  database: z.string(),
  table: z.string(),
  /** Columns of which no two rows have the same values; none, when rows have no key. */
  key: z.array(z.string()),
  /** By name: an object's keys, so that TypeScript knows the names in a pinned file. */
  columns: z.record(z.string(), column),
  /** The oldest data that a reader may find. */
  freshnessSeconds: z.number(),
  /** By consumer. */
  readers: z.record(z.string(), reader),
  /** EventBridge's pattern of "the table has a new version", as JSON. */
  versionEvents: z.string(),
  /** Where producers write, when events come in by a stream. */
  stream: z.object({ name: z.string(), arn, producerPolicyArn: arn, format: z.string() }).optional(),
  /** Since when no job brings new rows; the table stays. */
  retired: z.string().optional(),
});

/** The one value, `basin`, that a platform's stack exports: all that other teams may rely on, and nothing else. */
export const platformContract = z.object({
  version: z.literal(CONTRACT_VERSION),
  prefix: z.string(),
  stack: z.string(),
  environment: z.enum(["dev", "prod"]),
  accountId: account,
  region: z.string(),
  /** The key of all tables. */
  lakeKeyArn: arn,
  /** Topics of the platform's account that a stack there may subscribe to. */
  topics: z.object({ alerts: arn }),
  /** What a stack of the platform's account may place things in, and others may peer with. */
  network: z.object({ vpcId: z.string(), subnetIds: z.array(z.string()), cidr: z.string() }),
  datasets: z.record(z.string(), dataset),
});

export type PlatformContract = z.output<typeof platformContract>;
export type DatasetContract = PlatformContract["datasets"][string];
export type ColumnContract = DatasetContract["columns"][string];
export type ReaderContract = DatasetContract["readers"][string];
