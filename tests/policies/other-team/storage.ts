import * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import type { Output } from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";

export const ACCOUNT = "111122223333";
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

/** A key for everything of the team's. */
export function declareKey(): kms.Key {
  const administer = { Sid: "Administer", Effect: "Allow", Principal: ROOT, Action: "kms:*", Resource: "*" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [administer] });
  return new kms.Key("data", { enableKeyRotation: true, deletionWindowInDays: 30, policy }, { protect: true });
}

/** A bucket as AWS's own guides have it, with what it logs to. */
export function declareBucket(name: string, keyArn: Output<string> | undefined, logs?: s3.Bucket): s3.Bucket {
  const bucket = new s3.Bucket(name, { bucket: `acme-${name}` }, { protect: true });
  const sse = keyArn ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn } : { sseAlgorithm: "AES256" };
  new s3.BucketServerSideEncryptionConfiguration(name, {
    bucket: bucket.id,
    rules: [{ applyServerSideEncryptionByDefault: sse, bucketKeyEnabled: keyArn !== undefined }],
  });
  new s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new s3.BucketOwnershipControls(name, { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } });
  new s3.BucketVersioning(name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
  new s3.BucketLifecycleConfiguration(name, {
    bucket: bucket.id,
    rules: [
      { id: "uploads", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
    ],
  });
  if (logs) new s3.BucketLogging(name, { bucket: bucket.id, targetBucket: logs.id, targetPrefix: `${name}/` });
  new s3.BucketPolicy(name, { bucket: bucket.id, policy: tlsOnly(bucket) });
  return bucket;
}

function tlsOnly(bucket: s3.Bucket): Output<string> {
  return interpolate`${bucket.arn}`.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  );
}
