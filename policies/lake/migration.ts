import { BUCKET_TYPES, versioningOf } from "../models/buckets";
import { isLanding, S3_ENDPOINT_TYPE } from "../models/landing";
import { isOwnKey, propertyRule } from "../property-rule";
import { document, object, text } from "../reading";
import type { Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";

/** `kmsKeyArn` on an S3 endpoint guards connection settings that it does not have: the objects' key is another one. */
export const targetKey = propertyRule({
  name: "dms-s3-target-encryption",
  group: "lake",
  description: "DMS writes objects under a customer-managed key, by the attribute that S3 targets use.",
  enforcement: "mandatory",
  types: [S3_ENDPOINT_TYPE],
  applies: (props) => props.endpointType !== "source",
  value: (props) => ({
    encryptionMode: props.encryptionMode,
    serverSideEncryptionKmsKeyId: props.serverSideEncryptionKmsKeyId,
  }),
  holds: (_, props) => props.encryptionMode === "SSE_KMS" && isOwnKey(props.serverSideEncryptionKmsKeyId),
  message: "objects that DMS writes are not encrypted with a key of your own",
  fix: 'encryptionMode: "SSE_KMS", serverSideEncryptionKmsKeyId: key.arn',
});

const TASKS = ["aws:dms/replicationTask:ReplicationTask", "aws:dms/replicationConfig:ReplicationConfig"];

export const batchApply: Rule = {
  name: "dms-batch-apply",
  group: "lake",
  description: "DMS does not batch changes for an S3 target: it may lose them.",
  enforcement: "mandatory",
  types: TASKS,
  scope: "stack",
  *check(task, stack) {
    if (!writesS3(task, stack)) return;
    const settings = document(task.props.replicationTaskSettings ?? task.props.replicationSettings);
    const metadata = object(settings?.TargetMetadata);
    if (metadata.BatchApplyEnabled === undefined || metadata.BatchApplyEnabled === false) return;
    const fix = "TargetMetadata: { …, BatchApplyEnabled: false }";
    yield { message: "changes that DMS batches for S3 may be lost", value: metadata.BatchApplyEnabled, fix };
  },
};

function writesS3(task: Subject, stack: StackView): boolean {
  const behind = stack.behind(task, "targetEndpointArn");
  if (behind.length > 0) return behind.some(({ type }) => type === S3_ENDPOINT_TYPE);
  const arn = text(task.props.targetEndpointArn);
  return stack.ofTypes(S3_ENDPOINT_TYPE).some(({ props }) => arn !== undefined && props.endpointArn === arn);
}

export const landingUnversioned: Rule = {
  name: "dms-target-unversioned",
  group: "lake",
  description: "A bucket that DMS writes into is not versioned, as AWS itself advises.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    if (!isLanding(bucket, stack) || !versioningOf(bucket, stack).includes("Enabled")) return;
    yield {
      message: "DMS writes into a versioned bucket",
      value: "Enabled",
      fix: "bucketName: landing.bucket, // a bucket of its own, without versions",
    };
  },
};

/** Each of these loses rows in silence unless it is set. */
const POLICIES = ["DataErrorPolicy", "DataTruncationErrorPolicy", "TableErrorPolicy"] as const;

export const errorPolicy: Rule = {
  name: "dms-error-policy",
  group: "lake",
  description: "A replication stops at a row that it cannot copy, instead of leaving it out.",
  enforcement: "mandatory",
  types: TASKS,
  scope: "resource",
  *check({ props }) {
    const behaviour = object(document(props.replicationTaskSettings ?? props.replicationSettings)?.ErrorBehavior);
    for (const policy of POLICIES) {
      if (behaviour[policy] === "STOP_TASK") continue;
      const message = `rows that fail are left out in silence (${policy})`;
      yield { message, value: behaviour[policy], fix: `ErrorBehavior: { …, ${policy}: "STOP_TASK" }` };
    }
  },
};
