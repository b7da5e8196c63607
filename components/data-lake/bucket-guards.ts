import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { Bucket, BucketArgs } from "./bucket";
import { bucketPolicy } from "./bucket-policy";

type Guarded = Pick<Bucket, "resource">;

/** No ACLs, and nothing public, whatever a policy or an object says. */
export function closeToPublic(
  { resource }: Guarded,
  name: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
    new s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: resource.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      opts,
    ),
    new s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: resource.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      opts,
    ),
  ];
}

/** What a writer does not encrypt itself is encrypted with `keyArn`, or with S3's own keys when there is none. */
export function encryptByDefault(
  { resource }: Guarded,
  name: string,
  keyArn: pulumi.Input<string> | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const byDefault =
    keyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
  return new s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: resource.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: byDefault,
          // One data key for many objects: without it each object at petabytes is a request to KMS.
          bucketKeyEnabled: keyArn !== undefined,
          // Objects under a key that the writer brings along are lost with the writer.
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    opts,
  );
}

export function restrictByPolicy(
  { resource }: Guarded,
  name: string,
  { environment, role, keyArn }: BucketArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const policy = pulumi.output(keyArn).apply((arn) => JSON.stringify(bucketPolicy(environment, role, arn)));
  return new s3.BucketPolicy(`${name}-policy`, { bucket: resource.bucket, policy }, opts);
}

export function keepVersions({ resource }: Guarded, name: string, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return new s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: resource.bucket, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
}
