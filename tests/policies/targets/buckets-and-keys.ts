import type { Target } from "../break";

export const S3 = "aws:s3/";
const OTHER_KEY = "alias/aws/s3";

export const bucketTargets: readonly Target[] = [
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-raw/,
    at: "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
    wrong: ["AES256", { name: "aws:kms" }, "xaws:kms"],
  },
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-lake/,
    at: "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
    wrong: ["", OTHER_KEY, `arn:aws:kms:us-east-1:444455556666:${OTHER_KEY}`],
  },
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-lake/,
    at: "bucket",
    wrong: ["another-bucket"],
    // What a bucket's name comes from says whose it is.
    without: ["unknown", "removed"],
  },
  {
    rule: "s3-bucket-key",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-logs/,
    at: "rules[0].bucketKeyEnabled",
    wrong: [false, "true"],
  },
  {
    rule: "s3-bucket-tls",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}",
    wrong: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Sid: "aws:SecureTransport" }],
  },
  {
    rule: "s3-bucket-tls",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}.Effect",
    wrong: ["Allow"],
  },
  {
    rule: "resource-policy-not-public",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}.Effect",
    wrong: ["Allow"],
    without: ["removed"],
  },
  ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap((flag): Target[] => [
    {
      rule: "s3-bucket-public-access-block",
      type: `${S3}bucketPublicAccessBlock:BucketPublicAccessBlock`,
      name: /lake-lake/,
      at: flag,
      wrong: [false, "true"],
    },
    {
      rule: "s3-account-public-access-block",
      type: `${S3}accountPublicAccessBlock:AccountPublicAccessBlock`,
      at: flag,
      wrong: [false],
    },
  ]),
  {
    rule: "s3-bucket-ownership",
    type: `${S3}bucketOwnershipControls:BucketOwnershipControls`,
    at: "rule.objectOwnership",
    wrong: ["ObjectWriter"],
  },
  {
    rule: "s3-bucket-versioning",
    type: `${S3}bucketVersioning:BucketVersioning`,
    name: /lake-raw/,
    at: "versioningConfiguration.status",
    wrong: ["Suspended", true],
  },
  {
    rule: "s3-bucket-logging",
    type: `${S3}bucketLogging:BucketLogging`,
    name: /lake-raw/,
    at: "targetBucket",
    wrong: [""],
  },
  {
    rule: "s3-bucket-lifecycle",
    type: `${S3}bucketLifecycleConfiguration:BucketLifecycleConfiguration`,
    name: /lake-raw/,
    at: "rules",
    wrong: [[], "none"],
  },
  {
    rule: "s3-bucket-force-destroy",
    type: `${S3}bucket:Bucket`,
    name: /lake-lake/,
    at: "forceDestroy",
    wrong: [true, "false"],
    without: ["removed"],
  },
  {
    rule: "s3-lifecycle-delta-log",
    type: `${S3}bucketLifecycleConfiguration:BucketLifecycleConfiguration`,
    name: /lake-lake/,
    at: "rules",
    wrong: [
      [{ id: "x", status: "Enabled", filter: {}, expiration: { days: 400 } }],
      [{ id: "x", status: "Enabled", filter: { prefix: "silver/" }, expiration: { days: 400 } }],
      [{ id: "x", status: "Enabled", filter: {}, transitions: [{ days: 9, storageClass: "GLACIER" }] }],
    ],
    without: ["removed"],
  },
];

const KEY = "aws:kms/key:Key";
export const keyTargets: readonly Target[] = [
  { rule: "kms-key-rotation", type: KEY, at: "enableKeyRotation", wrong: [false, "true"] },
  {
    rule: "kms-key-deletion-window",
    type: KEY,
    at: "deletionWindowInDays",
    wrong: [7, "a month"],
    without: ["removed"],
  },
  { rule: "kms-key-policy", type: KEY, at: "policy", wrong: [""] },
  {
    rule: "resource-policy-not-public",
    type: KEY,
    name: /^lake-/,
    at: "policy|Statement[0].Principal",
    wrong: ["*", { AWS: "*" }],
    without: ["removed"],
  },
];
