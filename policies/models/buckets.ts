import { object, objects, text } from "../reading";
import type { Props, Subject } from "../rule";
import type { StackView } from "../stack-view";

/**
 * A bucket's settings in one form. Version 7 of the provider has them in resources of their own; older programs have
 * them in the bucket. Where there is a resource it decides, since it is applied last: what the bucket itself shows then
 * is only how it began.
 */
export const BUCKET_TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;

const ENCRYPTION = both("bucketServerSideEncryptionConfiguration", "BucketServerSideEncryptionConfiguration");
const LIFECYCLE = both("bucketLifecycleConfiguration", "BucketLifecycleConfiguration");
const LOGGING = both("bucketLogging", "BucketLogging");
const VERSIONING = both("bucketVersioning", "BucketVersioning");

function both(module: string, name: string): readonly string[] {
  return [`aws:s3/${module}:${name}`, `aws:s3/${module}V2:${name}V2`];
}

/** The rules of a bucket's default encryption. */
export function encryptionDefaults(bucket: Subject, stack: StackView): readonly Props[] {
  const separate = stack.referring(ENCRYPTION, "bucket", bucket);
  if (separate.length > 0) return separate.flatMap(({ props }) => objects(props.rules));
  const { serverSideEncryptionConfiguration, serverSideEncryptionConfigurations } = bucket.props;
  return objects(serverSideEncryptionConfiguration ?? serverSideEncryptionConfigurations).flatMap(({ rule, rules }) =>
    objects(rule ?? rules),
  );
}

/** What a rule of the default encryption applies. */
export function appliedEncryption(rule: Props): Props {
  return object(objects(rule.applyServerSideEncryptionByDefault)[0]);
}

/** The state of a bucket's versioning, in every place that tells it. */
export function versioningOf(bucket: Subject, stack: StackView): readonly unknown[] {
  const separate = stack.referring(VERSIONING, "bucket", bucket);
  if (separate.length > 0) {
    return separate.map(({ props }) => object(objects(props.versioningConfiguration)[0]).status);
  }
  const inside = objects(bucket.props.versioning ?? bucket.props.versionings);
  return inside.map(({ enabled }) => (enabled === true ? "Enabled" : enabled));
}

/** Whether S3 delivers the access logs of other buckets into a bucket. */
export function receivesLogs(bucket: Subject, stack: StackView): boolean {
  if (stack.referring(LOGGING, "targetBucket", bucket).length > 0) return true;
  const name = text(bucket.props.bucket);
  return name !== undefined && stack.ofTypes(...BUCKET_TYPES).some((other) => insideTarget(other) === name);
}

/** Whether a bucket's own requests are logged anywhere. */
export function isLogged(bucket: Subject, stack: StackView): boolean {
  const separate = stack.referring(LOGGING, "bucket", bucket);
  return insideTarget(bucket) !== undefined || separate.some(({ props }) => text(props.targetBucket) !== undefined);
}

function insideTarget({ props }: Subject): string | undefined {
  return text(object(objects(props.logging ?? props.loggings)[0]).targetBucket);
}

/** The enabled lifecycle rules of a bucket. */
export function lifecycleRules(bucket: Subject, stack: StackView): readonly Props[] {
  const separate = stack.referring(LIFECYCLE, "bucket", bucket);
  if (separate.length > 0) {
    return separate.flatMap(({ props }) => objects(props.rules)).filter(({ status }) => status === "Enabled");
  }
  return objects(bucket.props.lifecycleRules)
    .filter(({ enabled }) => enabled === true)
    .map(insideRule);
}

/** A lifecycle rule of a bucket's own property, as one of the resource. */
function insideRule(rule: Props): Props {
  const { id, prefix, tags, expiration, transitions } = rule;
  const days = rule.abortIncompleteMultipartUploadDays;
  return {
    id,
    filter: Object.keys(object(tags)).length > 0 ? { and: { prefix, tags } } : { prefix },
    expiration,
    transitions,
    abortIncompleteMultipartUpload: days === undefined ? undefined : { daysAfterInitiation: days },
  };
}
