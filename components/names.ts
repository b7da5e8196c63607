import { createHash } from "node:crypto";

/** The lake's buckets by role. */
export const BUCKET_ROLES = ["landing", "raw", "lake", "artifacts", "logs", "access-logs"] as const;
export type BucketRole = (typeof BUCKET_ROLES)[number];

export interface NameParts {
  readonly prefix: string;
  readonly stack: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * Physical names of a stack. All follow from settings, so that a plan knows them without credentials, and no two
 * stacks of one account share one: prefix and stack hold no hyphen, so the joints are where the hyphens are.
 */
export class Names {
  constructor(private readonly parts: NameParts) {}

  /** Unique in an account and region: `<prefix>-<stack>-<role>`, cut to `limit` with a hash where it would be longer. */
  inAccount(role: string, limit = 64): string {
    return shorten(`${this.parts.prefix}-${this.parts.stack}-${role}`, limit);
  }

  /** Unique in the world: `<prefix>-<stack>-<accountId>-<region>-<role>`; at most 63 characters, as S3 allows. */
  bucket(role: BucketRole): string {
    const { prefix, stack, accountId, region } = this.parts;
    return shorten(`${prefix}-${stack}-${accountId}-${region}-${role}`, 63);
  }

  bucketArn(role: BucketRole): string {
    return `arn:aws:s3:::${this.bucket(role)}`;
  }

  /** Glue and Hive keep lower case and underscores only. */
  database(zone: "silver" | "gold"): string {
    return `${this.parts.prefix}_${this.parts.stack}_${zone}`;
  }

  /** `arn:aws:<service>:<region>:<account>:<resource>`; IAM's ARNs have no region. */
  arn(service: string, resource: string): string {
    const region = service === "iam" ? "" : this.parts.region;
    return `arn:aws:${service}:${region}:${this.parts.accountId}:${resource}`;
  }

  stream(dataset: string): string {
    return this.inAccount(`stream-${dataset}`, 128);
  }

  /** The delivery stream that archives a dataset's events into raw. */
  archive(dataset: string): string {
    return this.inAccount(`archive-${dataset}`);
  }

  /** The topic to which alarms publish; 256 characters, as SNS allows. */
  alertsTopic(): string {
    return this.inAccount("alerts", 256);
  }

  /** Where a table lies: `s3://<lake>/<zone>/<dataset>/`. One scheme and one spelling everywhere: the log store locks on it. */
  tableLocation(zone: "silver" | "gold", dataset: string): string {
    return `s3://${this.bucket("lake")}/${zone}/${dataset}/`;
  }
}

/** Keeps a name within a service's limit without two long names becoming one. */
export function shorten(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, limit - hash.length - 1)}-${hash}`;
}
