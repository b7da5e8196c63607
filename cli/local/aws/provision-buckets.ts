import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { plannedOf, type PlannedResource } from "./planned";

/**
 * Makes the declared buckets with their versioning and policy. Objects survive from run to run, a bucket's settings do
 * not: they are put again each time. Default encryption is left out: the emulator would answer with the name of a KMS
 * key, and S3A's SDK refuses to copy such an object over anything but HTTPS.
 */
export async function provisionBuckets(
  s3: S3Client,
  resources: readonly PlannedResource[],
  region: string,
): Promise<void> {
  // us-east-1 is the one region that S3 does not accept as a location constraint.
  const location =
    region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } };
  for (const bucket of plannedOf(resources, "bucket")) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket.text("bucket"), ...location })).catch(unlessOwned);
  }
  for (const versioning of plannedOf(resources, "bucketVersioning")) {
    const Status = versioning.at("versioningConfiguration").text("status") as "Enabled" | "Suspended" | "Disabled";
    // A bucket that never had versions cannot be told to have none.
    if (Status === "Disabled") continue;
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: versioning.text("bucket"), VersioningConfiguration: { Status } }),
    );
  }
  for (const policy of plannedOf(resources, "bucketPolicy")) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: policy.text("bucket"), Policy: policy.text("policy") }));
  }
}

function unlessOwned(error: Error): void {
  if (error.name !== "BucketAlreadyOwnedByYou") throw error;
}
