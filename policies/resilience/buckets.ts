import { BUCKET_TYPES } from "../encryption/bucket";
import { isLanding } from "../models/landing";
import { number, object, objects, text } from "../reading";
import type { Props, Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";

const LOGGING = ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"];
const LIFECYCLE = [
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
];
const VERSIONING = ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"];

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

/** The state of versioning in every resource that names the bucket. */
export function versioningOf(bucket: Subject, stack: StackView): readonly unknown[] {
  return stack
    .referring(VERSIONING, "bucket", bucket)
    .map(({ props }) => object(objects(props.versioningConfiguration)[0]).status);
}

export const bucketLogging: Rule = {
  name: "s3-bucket-logging",
  group: "resilience",
  description: "A bucket records who asked for what; the bucket that receives the records need not.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    if (stack.referring(LOGGING, "targetBucket", bucket).length > 0) return;
    const logging = stack.referring(LOGGING, "bucket", bucket);
    if (logging.some(({ props }) => text(props.targetBucket) !== undefined)) return;
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

/** The enabled lifecycle rules of a bucket. */
export function lifecycleRules(bucket: Subject, stack: StackView): readonly Props[] {
  return stack
    .referring(LIFECYCLE, "bucket", bucket)
    .flatMap(({ props }) => objects(props.rules))
    .filter(({ status }) => status === "Enabled");
}
