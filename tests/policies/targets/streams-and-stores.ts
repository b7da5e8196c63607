import type { Target } from "../break";

const STREAM = "aws:kinesis/stream:Stream";
const FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
export const streamTargets: readonly Target[] = [
  { rule: "kinesis-stream-encryption", type: STREAM, at: "encryptionType", wrong: ["NONE", "kms"] },
  { rule: "kinesis-stream-encryption", type: STREAM, at: "kmsKeyId", wrong: ["alias/aws/kinesis", ""] },
  { rule: "kinesis-stream-retention", type: STREAM, at: "retentionPeriod", wrong: [24, "a week"] },
  { rule: "kinesis-shard-metrics", type: STREAM, at: "shardLevelMetrics", wrong: [["ALL"], [], ["IncomingBytes"]] },
  { rule: "firehose-object-encryption", type: FIREHOSE, at: "extendedS3Configuration.kmsKeyArn", wrong: [""] },
  {
    rule: "firehose-error-logging",
    type: FIREHOSE,
    at: "extendedS3Configuration.cloudwatchLoggingOptions.enabled",
    wrong: [false],
  },
  {
    rule: "firehose-newline",
    type: FIREHOSE,
    at: "extendedS3Configuration.processingConfiguration",
    wrong: [{ enabled: false }],
  },
  {
    rule: "firehose-error-prefix",
    type: FIREHOSE,
    at: "extendedS3Configuration.errorOutputPrefix",
    wrong: ["flights/!{firehose:error-output-type}/", "undelivered/"],
  },
];

export const TABLE = "aws:dynamodb/table:Table";
const WORK_GROUP = "aws:athena/workgroup:Workgroup";
const CATALOG = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings";
export const storeTargets: readonly Target[] = [
  {
    rule: "dynamodb-table-encryption",
    type: TABLE,
    at: "serverSideEncryption.kmsKeyArn",
    wrong: ["alias/aws/dynamodb"],
  },
  { rule: "dynamodb-table-encryption", type: TABLE, at: "serverSideEncryption.enabled", wrong: [false] },
  { rule: "dynamodb-table-recovery", type: TABLE, at: "pointInTimeRecovery.enabled", wrong: [false, "true"] },
  { rule: "dynamodb-table-deletion", type: TABLE, at: "deletionProtectionEnabled", wrong: [false] },
  {
    rule: "delta-log-store",
    type: TABLE,
    name: /log-store/,
    at: "name",
    wrong: ["another-table"],
    without: ["unknown"],
  },
  { rule: "athena-scan-limit", type: WORK_GROUP, at: "configuration.bytesScannedCutoffPerQuery", wrong: [0] },
  {
    rule: "athena-workgroup-encryption",
    type: WORK_GROUP,
    at: "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn",
    wrong: [""],
  },
  {
    rule: "athena-workgroup-enforced",
    type: WORK_GROUP,
    at: "configuration.enforceWorkgroupConfiguration",
    wrong: [false],
    without: ["removed"],
  },
  {
    rule: "athena-workgroup-metrics",
    type: WORK_GROUP,
    at: "configuration.publishCloudwatchMetricsEnabled",
    wrong: [false],
    without: ["removed"],
  },
  {
    rule: "glue-catalog-encryption",
    type: CATALOG,
    at: "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode",
    wrong: ["DISABLED"],
  },
  {
    rule: "glue-catalog-encryption",
    type: CATALOG,
    at: "dataCatalogEncryptionSettings.encryptionAtRest.sseAwsKmsKeyId",
    wrong: ["alias/aws/glue"],
  },
  {
    rule: "glue-connection-password-encryption",
    type: CATALOG,
    at: "dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted",
    wrong: [false],
  },
  {
    rule: "ebs-default-encryption",
    type: "aws:ebs/encryptionByDefault:EncryptionByDefault",
    at: "enabled",
    wrong: [false],
    without: ["removed"],
  },
  {
    rule: "emr-block-public-access",
    type: "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration",
    at: "blockPublicSecurityGroupRules",
    wrong: [false],
  },
];
