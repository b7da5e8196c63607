import { appliedEncryption, BUCKET_TYPES, encryptionDefaults, receivesLogs } from "../models/buckets";
import { text } from "../reading";
import type { Finding, Props, Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";

const KMS = ["aws:kms", "aws:kms:dsse"];

const FIX =
  'new s3.BucketServerSideEncryptionConfiguration("x", { bucket: bucket.bucket, rules: [{ bucketKeyEnabled: true, ' +
  'applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }] });';

/** What is written without a header of its own falls to the default: that default must be a key of the owner's. */
export const bucketEncryption: Rule = {
  name: "s3-bucket-encryption",
  group: "encryption",
  description:
    "A bucket encrypts by default with a customer-managed KMS key; one that receives access logs, with S3's.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    const defaults = encryptionDefaults(bucket, stack);
    if (defaults.length === 0) {
      yield { message: "the bucket has no default encryption of its own", fix: FIX };
      return;
    }
    for (const rule of defaults) yield* checkDefault(rule, bucket, stack);
  },
};

function* checkDefault(rule: Props, bucket: Subject, stack: StackView): Iterable<Finding> {
  const applied = appliedEncryption(rule);
  const algorithm = text(applied.sseAlgorithm);
  // S3 delivers access logs only to buckets that are encrypted with its own keys.
  if (algorithm === "AES256" && receivesLogs(bucket, stack)) return;
  if (algorithm === undefined || !KMS.includes(algorithm)) {
    yield { message: "the bucket's default encryption does not use KMS", value: applied.sseAlgorithm, fix: FIX };
    return;
  }
  const key = text(applied.kmsMasterKeyId);
  if (key === undefined || key.endsWith("alias/aws/s3")) {
    const message = "the bucket's default encryption uses AWS's own key, which no policy of yours guards";
    yield { message, value: applied.kmsMasterKeyId, fix: FIX };
  }
}

/** Without it every object costs a request to KMS: at a petabyte's objects that is a bill, and a throttle. */
export const bucketKey: Rule = {
  name: "s3-bucket-key",
  group: "cost",
  description: "A bucket under KMS uses a bucket key, so that not every object asks KMS.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    for (const rule of encryptionDefaults(bucket, stack)) {
      const algorithm = text(appliedEncryption(rule).sseAlgorithm);
      if (algorithm === undefined || !KMS.includes(algorithm) || rule.bucketKeyEnabled === true) continue;
      const message = "every object of the bucket asks KMS for a key of its own";
      yield { message, value: rule.bucketKeyEnabled, fix: "rules: [{ …, bucketKeyEnabled: true }]" };
    }
  },
};
