import type { Subject } from "../rule";
import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { batchApply, errorPolicy, landingUnversioned, targetKey } from "./migration";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const endpoint = subject("aws:dms/s3Endpoint:S3Endpoint", "endpoint", { endpointArn: "arn:e", bucketName: "landing" });
const task = (BatchApplyEnabled?: unknown, targetEndpointArn = "arn:e"): Subject =>
  subject("aws:dms/replicationTask:ReplicationTask", "it", {
    targetEndpointArn,
    replicationTaskSettings: JSON.stringify({ TargetMetadata: { BatchApplyEnabled } }),
  });
const bucket = subject("aws:s3/bucket:Bucket", "it", { bucket: "landing" });
const versioning = (status: string): Subject =>
  subject("aws:s3/bucketVersioning:BucketVersioning", "v", { bucket: "landing", versioningConfiguration: { status } });
const stopping = {
  DataErrorPolicy: "STOP_TASK",
  DataTruncationErrorPolicy: "STOP_TASK",
  TableErrorPolicy: "STOP_TASK",
};
const errors = (ErrorBehavior: unknown): Record<string, unknown> => ({
  replicationTaskSettings: JSON.stringify({ ErrorBehavior }),
});

export const fixtures: readonly Fixtures[] = [
  shapes(targetKey, "objects that DMS writes are not encrypted with a key of your own", {
    passing: {
      "the key of S3 targets": { encryptionMode: "SSE_KMS", serverSideEncryptionKmsKeyId: KEY },
      "a source": { endpointType: "source" },
    },
    failing: {
      nothing: {},
      "the attribute that S3 targets ignore": { encryptionMode: "SSE_KMS", kmsKeyArn: KEY },
      "a key without its mode": { serverSideEncryptionKmsKeyId: KEY },
    },
  }),
  stacks(batchApply, "changes that DMS batches for S3 may be lost", {
    passing: {
      off: [task(false), endpoint],
      "nothing said": [task(), endpoint],
      "another target": [task(true, "arn:other"), endpoint],
    },
    failing: { on: [task(true), endpoint], "a text": [task("true"), endpoint] },
  }),
  stacks(landingUnversioned, "DMS writes into a versioned bucket", {
    passing: { unversioned: [bucket, endpoint], "nothing from DMS": [bucket, versioning("Enabled")] },
    failing: { versioned: [bucket, endpoint, versioning("Enabled")] },
  }),
  together(
    shapes(errorPolicy, "rows that fail are left out in silence (DataErrorPolicy)", {
      passing: { stopping: errors(stopping) },
      failing: { logging: errors({ ...stopping, DataErrorPolicy: "LOG_ERROR" }) },
    }),
    shapes(errorPolicy, "rows that fail are left out in silence (TableErrorPolicy)", {
      passing: {},
      failing: { "nothing said of tables": errors({ ...stopping, TableErrorPolicy: undefined }) },
    }),
  ),
];
