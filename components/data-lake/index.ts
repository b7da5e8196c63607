import type * as dynamodb from "@pulumi/aws/dynamodb";
import type * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { BucketRole } from "../names";
import { Bucket } from "./bucket";
import { KEY_PURPOSES, keyPolicy, type KeyDomain } from "./key-policy";
import { declareKey } from "./keys";
import { declareReader, readersOf } from "./readers";
import { replicaEnvironment } from "./replica/environment";
import { Replica } from "./replica/index";
import { declareReplication } from "./replica/replication";
import { declareLockTable, declareLogStoreTable } from "./tables";

export interface DataLakeArgs {
  readonly environment: Environment;
  /** The provider of the second region, where the settings ask for a replica. */
  readonly replicaProvider?: pulumi.ProviderResource;
}

/** Where the data lies: keys by domain, the six buckets, the tables by which writers agree, and a role a reader. */
export class DataLake extends pulumi.ComponentResource {
  readonly keys: Readonly<Record<KeyDomain, kms.Key>>;
  readonly buckets: Readonly<Record<BucketRole, Bucket>>;
  readonly logStoreTable: dynamodb.Table;
  readonly lockTable: dynamodb.Table;
  /** Roles by consumer; one that no dataset names has none. */
  readonly readers: Readonly<Record<string, iam.Role>>;

  constructor(name: string, { environment, replicaProvider }: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:index:DataLake", name, {}, opts);
    const child = { parent: this };

    const key = (domain: KeyDomain): kms.Key =>
      declareKey(
        `${name}-key-${domain}`,
        { environment, domain, purpose: KEY_PURPOSES[domain], policy: keyPolicy(environment, domain) },
        child,
      );
    this.keys = { lake: key("lake"), streams: key("streams"), logs: key("logs"), secrets: key("secrets") };

    const accessLogs = new Bucket(`${name}-access-logs`, { environment, role: "access-logs" }, child);
    const logs = new Bucket(
      `${name}-logs`,
      { environment, role: "logs", keyArn: this.keys.logs.arn, accessLogs },
      child,
    );
    const inventories = { bucket: logs, keyArn: this.keys.logs.arn };
    const bucket = (role: BucketRole): Bucket =>
      new Bucket(`${name}-${role}`, { environment, role, keyArn: this.keys.lake.arn, accessLogs, inventories }, child);
    this.buckets = {
      landing: bucket("landing"),
      raw: bucket("raw"),
      lake: bucket("lake"),
      artifacts: bucket("artifacts"),
      logs,
      "access-logs": accessLogs,
    };

    const { replica: wanted } = environment.settings;
    if (wanted) {
      if (!replicaProvider) throw new Error(`a replica in ${wanted.region} needs that region's provider`);
      const to = new Replica(
        `${name}-replica`,
        { environment: replicaEnvironment(environment, wanted.region) },
        { ...child, providers: [replicaProvider] },
      );
      const keyArn = this.keys.lake.arn;
      declareReplication(`${name}-replication`, { environment, from: this.buckets, keyArn, to }, child);
    }

    const tableArgs = { environment, keyArn: this.keys.lake.arn };
    this.logStoreTable = declareLogStoreTable(`${name}-log-store`, tableArgs, child);
    this.lockTable = declareLockTable(`${name}-locks`, tableArgs, child);
    this.readers = Object.fromEntries(
      readersOf(environment).map((reader) => [
        reader.consumer,
        declareReader(`${name}-reader-${reader.consumer}`, environment, reader, this.keys.lake.arn, child),
      ]),
    );
    this.registerOutputs({ lakeBucket: this.buckets.lake.name, rawBucket: this.buckets.raw.name });
  }
}
