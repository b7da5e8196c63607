import * as dynamodb from "@pulumi/aws/dynamodb";
import type * as pulumi from "@pulumi/pulumi";
import { keepsData, releasesEverything, type Environment } from "../environment";

export interface TableArgs {
  readonly environment: Environment;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * The table by which clusters agree on Delta commits; keys as `io.delta.storage.S3DynamoDBLogStore` expects them.
 * It has no TTL: an entry that vanishes too early lets a later commit overwrite an earlier one (delta-io/delta#1410).
 */
export function declareLogStoreTable(
  name: string,
  args: TableArgs,
  opts: pulumi.CustomResourceOptions,
): dynamodb.Table {
  return declareTable(name, { ...args, role: "log-store", hashKey: "tablePath", rangeKey: "fileName" }, opts);
}

/** Who holds which dataset: one item a lock. A holder's lease is in the item, and is not a TTL. */
export function declareLockTable(name: string, args: TableArgs, opts: pulumi.CustomResourceOptions): dynamodb.Table {
  return declareTable(name, { ...args, role: "locks", hashKey: "lock" }, opts);
}

function declareTable(
  name: string,
  { environment, keyArn, role, hashKey, rangeKey }: TableArgs & { role: string; hashKey: string; rangeKey?: string },
  opts: pulumi.CustomResourceOptions,
): dynamodb.Table {
  const keeps = keepsData(environment);
  const keys = rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];
  return new dynamodb.Table(
    name,
    {
      name: environment.names.inAccount(role, 255),
      billingMode: "PAY_PER_REQUEST",
      hashKey,
      ...(rangeKey === undefined ? {} : { rangeKey }),
      attributes: keys.map((key) => ({ name: key, type: "S" })),
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      pointInTimeRecovery: { enabled: true },
      // In dev as well: a log store that vanishes takes commits with it.
      deletionProtectionEnabled: !releasesEverything(environment),
    },
    { ...opts, protect: keeps, retainOnDelete: keeps },
  );
}
