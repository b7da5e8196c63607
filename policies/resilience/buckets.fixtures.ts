import type { Subject } from "../rule";
import { stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./buckets";

const bucket = subject("aws:s3/bucket:Bucket", "it", { bucket: "it" });
const landing = subject("aws:s3/bucket:Bucket", "it", { bucket: "it", tags: { "basin:role": "landing" } });
const versioning = (status: unknown): Subject =>
  subject("aws:s3/bucketVersioning:BucketVersioning", "v", { bucket: "it", versioningConfiguration: { status } });
const target = subject("aws:dms/s3Endpoint:S3Endpoint", "endpoint", { bucketName: "it", endpointType: "target" });
const logging = (props: Record<string, unknown>): Subject => subject("aws:s3/bucketLogging:BucketLogging", "l", props);
const lifecycle = (rule: Record<string, unknown>): Subject =>
  subject("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "c", { bucket: "it", rules: [rule] });
const older = (props: Record<string, unknown>): Subject[] => [
  subject("aws:s3/bucket:Bucket", "it", { bucket: "it", ...props }),
];
const abort = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };

export const fixtures: readonly Fixtures[] = [
  stacks(rules.bucketVersioning, "what is deleted from the bucket or overwritten is gone", {
    passing: {
      enabled: [bucket, versioning("Enabled")],
      "the older property of the bucket itself": older({ versioning: { enabled: true } }),
      "a bucket that DMS writes into": [bucket, target],
      "a bucket that is kept for it": [landing],
    },
    failing: {
      none: [bucket],
      suspended: [bucket, versioning("Suspended")],
      "suspended later, by a resource of its own": [
        ...older({ versioning: { enabled: true } }),
        versioning("Suspended"),
      ],
      "the older property, off": older({ versioning: { enabled: false } }),
    },
  }),
  stacks(rules.bucketLogging, "nobody can say later who read the bucket", {
    passing: {
      logged: [bucket, logging({ bucket: "it", targetBucket: "logs" })],
      "the older property of the bucket itself": older({ logging: { targetBucket: "logs" } }),
      "the bucket of the logs, by the older property": [
        bucket,
        subject("aws:s3/bucket:Bucket", "other", { bucket: "other", logging: { targetBucket: "it" } }),
        logging({ bucket: "other", targetBucket: "it" }),
      ],
      "the bucket of the logs": [bucket, logging({ bucket: "other", targetBucket: "it" })],
    },
    failing: { none: [bucket], "logs to nowhere": [bucket, logging({ bucket: "it" })] },
  }),
  together(
    stacks(rules.bucketLifecycle, "the bucket has no lifecycle: whatever is in it is paid for ever", {
      passing: {
        "a rule for uploads": [bucket, lifecycle({ status: "Enabled", ...abort })],
        "the older property of the bucket itself": older({
          lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }],
        }),
      },
      failing: { none: [bucket], "a rule that is off": [bucket, lifecycle({ status: "Disabled", ...abort })] },
    }),
    stacks(rules.bucketLifecycle, "parts of unfinished uploads stay in the bucket unseen, and are paid", {
      passing: {},
      failing: { "no rule for uploads": [bucket, lifecycle({ status: "Enabled", expiration: { days: 3 } })] },
    }),
  ),
];
