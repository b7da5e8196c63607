import { BUCKET_TYPES, isLogged, lifecycleRules, receivesLogs, versioningOf } from "../models/buckets";
import { isLanding } from "../models/landing";
import { number, object, objects } from "../reading";
import type { Rule } from "../rule";

export const bucketVersioning: Rule = {
  name: "s3-bucket-versioning",
  group: "resilience",
  description: "A bucket keeps what is deleted or overwritten; one that DMS writes into must not.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    if (isLanding(bucket, stack)) return;
    const statuses = versioningOf(bucket, stack);
    if (statuses.includes("Enabled")) return;
    const message = "what is deleted from the bucket or overwritten is gone";
    yield { message, value: statuses[0], fix: 'versioningConfiguration: { status: "Enabled" }' };
  },
};

export const bucketLogging: Rule = {
  name: "s3-bucket-logging",
  group: "resilience",
  description: "A bucket records who asked for what; the bucket that receives the records need not.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    if (receivesLogs(bucket, stack) || isLogged(bucket, stack)) return;
    const fix = 'new s3.BucketLogging("x", { bucket: bucket.bucket, targetBucket: logs.bucket, targetPrefix: "x/" });';
    yield { message: "nobody can say later who read the bucket", fix };
  },
};

export const bucketLifecycle: Rule = {
  name: "s3-bucket-lifecycle",
  group: "cost",
  description: "A bucket has a lifecycle, and parts of uploads that nobody finished do not stay for ever.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    const rules = lifecycleRules(bucket, stack);
    if (rules.length === 0) {
      yield {
        message: "the bucket has no lifecycle: whatever is in it is paid for ever",
        fix: "new s3.BucketLifecycleConfiguration(…)",
      };
      return;
    }
    const days = rules.map((rule) =>
      number(object(objects(rule.abortIncompleteMultipartUpload)[0]).daysAfterInitiation),
    );
    if (days.some((each) => each !== undefined && each > 0)) return;
    const fix =
      'rules: [{ id: "uploads", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }]';
    yield { message: "parts of unfinished uploads stay in the bucket unseen, and are paid", fix };
  },
};
