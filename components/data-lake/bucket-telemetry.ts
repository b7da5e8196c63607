import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketRole } from "../names";
import type { Bucket, BucketArgs } from "./bucket";
import { INVENTORY_PREFIX } from "./bucket-policy";
import { measuredZones } from "./measured-zones";

/** Who read and wrote what, by the day of the request, so that a year of logs can be searched by day. */
export function logAccess(
  { resource }: Bucket,
  name: string,
  target: Bucket,
  role: BucketRole,
  opts: pulumi.CustomResourceOptions,
): void {
  new s3.BucketLogging(
    `${name}-logging`,
    {
      bucket: resource.bucket,
      targetBucket: target.resource.bucket,
      targetPrefix: `${role}/`,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    },
    { ...opts, dependsOn: target.ready },
  );
}

/** A weekly list of every object and version with class and encryption: petabytes are never listed by hand. */
export function takeInventory(
  { resource }: Bucket,
  name: string,
  { bucket: target, keyArn }: NonNullable<BucketArgs["inventories"]>,
  role: BucketRole,
  opts: pulumi.CustomResourceOptions,
): void {
  new s3.Inventory(
    `${name}-inventory`,
    {
      bucket: resource.bucket,
      name: "weekly",
      includedObjectVersions: "All",
      schedule: { frequency: "Weekly" },
      optionalFields: [
        "Size",
        "LastModifiedDate",
        "StorageClass",
        "EncryptionStatus",
        "BucketKeyStatus",
        "ReplicationStatus",
      ],
      destination: {
        bucket: {
          bucketArn: target.arn,
          prefix: `${INVENTORY_PREFIX}/${role}`,
          format: "Parquet",
          encryption: { sseKms: { keyId: keyArn } },
        },
      },
    },
    { ...opts, dependsOn: target.ready },
  );
}

/** Requests, errors and latencies by zone, which S3 does not measure by itself. */
export function measureRequests(
  { resource }: Bucket,
  name: string,
  role: BucketRole,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { zone, prefix } of measuredZones(role)) {
    new s3.BucketMetric(
      `${name}-metrics-${zone}`,
      { bucket: resource.bucket, name: zone, ...(prefix === undefined ? {} : { filter: { prefix } }) },
      opts,
    );
  }
}
