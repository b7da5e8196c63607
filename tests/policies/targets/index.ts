import type { Target } from "../break";
import { accessTargets } from "./access";
import { BUDGET, TOPIC_POLICY, watchTargets } from "./alerts";
import { S3, bucketTargets, keyTargets } from "./buckets-and-keys";
import { SECURITY, securityTargets } from "./clusters";
import { ENDPOINT, networkTargets } from "./network";
import { TABLE, storeTargets, streamTargets } from "./streams-and-stores";

/** What is broken in the plan of prod, apart from its clusters. */
export const TARGETS: readonly Target[] = [
  ...bucketTargets,
  ...keyTargets,
  ...securityTargets,
  ...streamTargets,
  ...storeTargets,
  ...watchTargets,
  ...networkTargets,
  ...accessTargets,
];

/** Resources without which a rule must speak up. */
export const NEEDED: readonly (readonly [rule: string, type: string, name: RegExp])[] = [
  [
    "s3-bucket-encryption",
    `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    /lake-raw/,
  ],
  ["s3-bucket-tls", `${S3}bucketPolicy:BucketPolicy`, /lake-raw/],
  ["s3-bucket-public-access-block", `${S3}bucketPublicAccessBlock:BucketPublicAccessBlock`, /lake-raw/],
  ["s3-bucket-ownership", `${S3}bucketOwnershipControls:BucketOwnershipControls`, /lake-raw/],
  ["s3-bucket-versioning", `${S3}bucketVersioning:BucketVersioning`, /lake-raw/],
  ["s3-bucket-logging", `${S3}bucketLogging:BucketLogging`, /lake-raw/],
  ["s3-bucket-lifecycle", `${S3}bucketLifecycleConfiguration:BucketLifecycleConfiguration`, /lake-raw/],
  ["sns-topic-tls", TOPIC_POLICY, /./],
  ["vpc-flow-logs", "aws:ec2/flowLog:FlowLog", /./],
  ["vpc-default-security-group", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", /./],
  ["vpc-endpoints-for-clusters", ENDPOINT, /-kms$/],
  ["vpc-endpoints-for-clusters", ENDPOINT, /-sts$/],
  ["vpc-endpoints-for-clusters", ENDPOINT, /-glue$/],
  ["emr-cluster-lake-key", SECURITY, /flights/],
  ["emr-job-artifacts", "aws:s3/bucketObjectv2:BucketObjectv2", /artifact-jobs/],
  ["delta-log-store", TABLE, /log-store/],
  ["emr-job-role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", /spark-flights-nodes-attachment/],
  ["stack-budget", BUDGET, /./],
  ["emr-passed-roles", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", /pipeline-flights/],
];
