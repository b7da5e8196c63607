import { subject } from "../testing/subjects";
import { stacks, type Fixtures } from "../testing/fixtures";
import { UNKNOWN } from "../unknown";
import type { Subject } from "../rule";
import { bucketEncryption, bucketKey } from "./bucket";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const lake = subject("aws:s3/bucket:Bucket", "lake", { id: "the-lake", bucket: "the-lake" });

const encryption = (applied: unknown, props: Record<string, unknown> = { bucket: "the-lake" }): Subject =>
  subject(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "encryption",
    { ...props, rules: [{ applyServerSideEncryptionByDefault: applied }] },
    { bucket: ["lake"] },
  );
const logging = subject("aws:s3/bucketLogging:BucketLogging", "logging", { bucket: "raw", targetBucket: "the-lake" });

const NONE = "the bucket has no default encryption of its own";
const NO_KMS = "the bucket's default encryption does not use KMS";
const FOREIGN_KEY = "the bucket's default encryption uses AWS's own key, which no policy of yours guards";

const byDefault: Fixtures = {
  rule: bucketEncryption,
  passing: {
    "a customer-managed key": [lake, encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY })],
    "a bucket whose name is not known yet": [
      subject("aws:s3/bucket:Bucket", "lake", { bucket: UNKNOWN }),
      encryption({ sseAlgorithm: "aws:kms:dsse", kmsMasterKeyId: KEY }, { bucket: UNKNOWN }),
    ],
    "S3's own key where S3 delivers access logs": [lake, encryption({ sseAlgorithm: "AES256" }), logging],
    // What S3 itself says of a bucket that was made a moment before its encryption resource.
    "a key by a resource of its own, over what the bucket began with": [
      subject("aws:s3/bucket:Bucket", "lake", {
        bucket: "the-lake",
        serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } },
      }),
      encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }),
    ],
    "the older property of the bucket itself": [
      subject("aws:s3/bucket:Bucket", "lake", {
        serverSideEncryptionConfiguration: {
          rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } },
        },
      }),
    ],
  },
  failing: {
    "no encryption": { stack: [lake], violations: { lake: NONE } },
    "encryption of another bucket": {
      stack: [lake, encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }, { bucket: "other" })],
      violations: { lake: NONE },
    },
    "S3's own key": { stack: [lake, encryption({ sseAlgorithm: "AES256" })], violations: { lake: NO_KMS } },
    "KMS without a key": { stack: [lake, encryption({ sseAlgorithm: "aws:kms" })], violations: { lake: FOREIGN_KEY } },
    "AWS's managed key by its alias": {
      stack: [
        lake,
        encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:alias/aws/s3" }),
      ],
      violations: { lake: FOREIGN_KEY },
    },
    "a text that only looks right": { stack: [lake, encryption("aws:kms")], violations: { lake: NO_KMS } },
  },
  undecided: {
    "a key that is not known yet": {
      stack: [lake, encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN })],
      violations: {
        lake: "undecided: rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId is not known before the deployment",
      },
    },
  },
};

const keyed = (bucketKeyEnabled: unknown, sseAlgorithm = "aws:kms"): readonly Subject[] => [
  lake,
  subject("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
    bucket: "the-lake",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm }, bucketKeyEnabled }],
  }),
];

export const fixtures: readonly Fixtures[] = [
  byDefault,
  stacks(bucketKey, "every object of the bucket asks KMS for a key of its own", {
    on: "lake",
    passing: { "a bucket key": keyed(true), "S3's own key": keyed(undefined, "AES256") },
    failing: { none: keyed(undefined), off: keyed(false), "a text": keyed("true") },
  }),
];
