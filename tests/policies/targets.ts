import type { Target } from "./break";

const S3 = "aws:s3/";
const OTHER_KEY = "alias/aws/s3";

const bucketTargets: readonly Target[] = [
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-raw/,
    at: "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
    wrong: ["AES256", { name: "aws:kms" }, "xaws:kms"],
  },
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-lake/,
    at: "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
    wrong: ["", OTHER_KEY, `arn:aws:kms:us-east-1:444455556666:${OTHER_KEY}`],
  },
  {
    rule: "s3-bucket-encryption",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-lake/,
    at: "bucket",
    wrong: ["another-bucket"],
    // What a bucket's name comes from says whose it is.
    without: ["unknown", "removed"],
  },
  {
    rule: "s3-bucket-key",
    type: `${S3}bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`,
    name: /lake-logs/,
    at: "rules[0].bucketKeyEnabled",
    wrong: [false, "true"],
  },
  {
    rule: "s3-bucket-tls",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}",
    wrong: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Sid: "aws:SecureTransport" }],
  },
  {
    rule: "s3-bucket-tls",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}.Effect",
    wrong: ["Allow"],
  },
  {
    rule: "resource-policy-not-public",
    type: `${S3}bucketPolicy:BucketPolicy`,
    name: /lake-raw/,
    at: "policy|Statement{Sid=DenyPlainTransport}.Effect",
    wrong: ["Allow"],
    without: ["removed"],
  },
  ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap((flag): Target[] => [
    {
      rule: "s3-bucket-public-access-block",
      type: `${S3}bucketPublicAccessBlock:BucketPublicAccessBlock`,
      name: /lake-lake/,
      at: flag,
      wrong: [false, "true"],
    },
    {
      rule: "s3-account-public-access-block",
      type: `${S3}accountPublicAccessBlock:AccountPublicAccessBlock`,
      at: flag,
      wrong: [false],
    },
  ]),
  {
    rule: "s3-bucket-ownership",
    type: `${S3}bucketOwnershipControls:BucketOwnershipControls`,
    at: "rule.objectOwnership",
    wrong: ["ObjectWriter"],
  },
  {
    rule: "s3-bucket-versioning",
    type: `${S3}bucketVersioning:BucketVersioning`,
    name: /lake-raw/,
    at: "versioningConfiguration.status",
    wrong: ["Suspended", true],
  },
  {
    rule: "s3-bucket-logging",
    type: `${S3}bucketLogging:BucketLogging`,
    name: /lake-raw/,
    at: "targetBucket",
    wrong: [""],
  },
  {
    rule: "s3-bucket-lifecycle",
    type: `${S3}bucketLifecycleConfiguration:BucketLifecycleConfiguration`,
    name: /lake-raw/,
    at: "rules",
    wrong: [[], "none"],
  },
  {
    rule: "s3-bucket-force-destroy",
    type: `${S3}bucket:Bucket`,
    name: /lake-lake/,
    at: "forceDestroy",
    wrong: [true, "false"],
    without: ["removed"],
  },
  {
    rule: "s3-lifecycle-delta-log",
    type: `${S3}bucketLifecycleConfiguration:BucketLifecycleConfiguration`,
    name: /lake-lake/,
    at: "rules",
    wrong: [
      [{ id: "x", status: "Enabled", filter: {}, expiration: { days: 400 } }],
      [{ id: "x", status: "Enabled", filter: { prefix: "silver/" }, expiration: { days: 400 } }],
      [{ id: "x", status: "Enabled", filter: {}, transitions: [{ days: 9, storageClass: "GLACIER" }] }],
    ],
    without: ["removed"],
  },
];

const KEY = "aws:kms/key:Key";
const keyTargets: readonly Target[] = [
  { rule: "kms-key-rotation", type: KEY, at: "enableKeyRotation", wrong: [false, "true"] },
  {
    rule: "kms-key-deletion-window",
    type: KEY,
    at: "deletionWindowInDays",
    wrong: [7, "a month"],
    without: ["removed"],
  },
  { rule: "kms-key-policy", type: KEY, at: "policy", wrong: [""] },
  {
    rule: "resource-policy-not-public",
    type: KEY,
    name: /^lake-/,
    at: "policy|Statement[0].Principal",
    wrong: ["*", { AWS: "*" }],
    without: ["removed"],
  },
];

const SECURITY = "aws:emr/securityConfiguration:SecurityConfiguration";
const encryption = (path: string): string => `configuration|EncryptionConfiguration.${path}`;
const securityTargets: readonly Target[] = [
  { rule: "emr-s3-encryption", type: SECURITY, at: encryption("EnableAtRestEncryption"), wrong: [false, "true"] },
  {
    rule: "emr-s3-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.EncryptionMode"),
    wrong: ["SSE-S3", "sse-kms"],
  },
  {
    rule: "emr-s3-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.AwsKmsKey"),
    wrong: ["", "alias/aws/s3"],
  },
  {
    rule: "emr-cluster-lake-key",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.S3EncryptionConfiguration.AwsKmsKey"),
    wrong: ["arn:aws:kms:us-east-1:444455556666:key/another"],
  },
  {
    rule: "emr-local-disk-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.EncryptionKeyProviderType"),
    wrong: ["Custom"],
  },
  {
    rule: "emr-local-disk-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.AwsKmsKey"),
    wrong: [""],
  },
  {
    rule: "emr-ebs-encryption",
    type: SECURITY,
    at: encryption("AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.EnableEbsEncryption"),
    wrong: [false, "true"],
  },
  { rule: "emr-in-transit-encryption", type: SECURITY, at: encryption("EnableInTransitEncryption"), wrong: [false] },
  {
    rule: "emr-in-transit-encryption",
    type: SECURITY,
    at: encryption("InTransitEncryptionConfiguration.TLSCertificateConfiguration.S3Object"),
    wrong: ["certificate.zip"],
  },
  {
    rule: "emr-instance-metadata",
    type: SECURITY,
    at: "configuration|InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
    wrong: [1, "2"],
  },
  {
    rule: "emr-instance-metadata",
    type: SECURITY,
    at: "configuration|InstanceMetadataServiceConfiguration.HttpPutResponseHopLimit",
    wrong: [2],
  },
];

const STREAM = "aws:kinesis/stream:Stream";
const FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const streamTargets: readonly Target[] = [
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

const TABLE = "aws:dynamodb/table:Table";
const WORK_GROUP = "aws:athena/workgroup:Workgroup";
const CATALOG = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings";
const storeTargets: readonly Target[] = [
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

const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const BUDGET = "aws:budgets/budget:Budget";
const watchTargets: readonly Target[] = [
  { rule: "sns-topic-encryption", type: "aws:sns/topic:Topic", at: "kmsMasterKeyId", wrong: ["alias/aws/sns"] },
  { rule: "sns-topic-tls", type: TOPIC_POLICY, at: "policy|Statement{Sid=DenyPlainTransport}.Condition", wrong: [{}] },
  {
    rule: "resource-policy-confused-deputy",
    type: TOPIC_POLICY,
    at: "policy|Statement{Sid=AllowAlarms}.Condition",
    wrong: [{ Bool: { "aws:SecureTransport": "true" } }],
  },
  {
    rule: "sns-subscription-tls",
    type: "aws:sns/topicSubscription:TopicSubscription",
    at: "protocol",
    wrong: ["http"],
    without: ["removed"],
  },
  { rule: "cloudwatch-log-group-encryption", type: "aws:cloudwatch/logGroup:LogGroup", at: "kmsKeyId", wrong: [""] },
  {
    rule: "cloudwatch-log-group-retention",
    type: "aws:cloudwatch/logGroup:LogGroup",
    at: "retentionInDays",
    wrong: [30, "400 days"],
  },
  {
    rule: "emr-cluster-tags",
    type: MACHINE,
    at: "definition|States{Resource=arn:aws:states:::aws-sdk:emr:runJobFlow}.Parameters.Tags",
    wrong: [[], "basin", [{ Key: "cost-centre", Value: "x" }]],
  },
  {
    rule: "stepfunctions-state-machine-logging",
    type: MACHINE,
    at: "loggingConfiguration.level",
    wrong: ["ERROR", "OFF"],
  },
  {
    rule: "stepfunctions-state-machine-logging",
    type: MACHINE,
    at: "loggingConfiguration.logDestination",
    wrong: ["arn"],
  },
  { rule: "stepfunctions-state-machine-tracing", type: MACHINE, at: "tracingConfiguration.enabled", wrong: [false] },
];

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const networkTargets: readonly Target[] = [
  {
    rule: "vpc-endpoint-policy",
    type: ENDPOINT,
    name: /glue/,
    at: "policy",
    wrong: ['{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
  },
  { rule: "vpc-endpoint-policy", type: ENDPOINT, name: /kms/, at: "policy|Statement[0].Condition", wrong: [{}] },
  {
    rule: "vpc-endpoint-attached",
    type: ENDPOINT,
    name: /-s3$/,
    at: "routeTableIds",
    wrong: [[]],
    without: ["unknown"],
  },
  {
    rule: "vpc-endpoint-attached",
    type: ENDPOINT,
    name: /kms/,
    at: "securityGroupIds",
    wrong: [[]],
    without: ["unknown"],
  },
  { rule: "vpc-endpoint-private-dns", type: ENDPOINT, name: /kms/, at: "privateDnsEnabled", wrong: [false] },
  { rule: "vpc-endpoint-zones", type: ENDPOINT, name: /kms/, at: "subnetIds", wrong: [["subnet-1"]] },
  { rule: "vpc-flow-logs", type: "aws:ec2/flowLog:FlowLog", at: "trafficType", wrong: ["REJECT"] },
  {
    rule: "vpc-default-security-group",
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    at: "egress",
    wrong: [[{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }]],
    without: ["removed"],
  },
  { rule: "security-group-description", type: INGRESS, at: "description", wrong: ["", "Managed by Pulumi"] },
  { rule: "security-group-description", type: "aws:ec2/securityGroup:SecurityGroup", at: "description", wrong: [""] },
  {
    rule: "emr-cluster-placement",
    type: "awsx:ec2:Vpc",
    at: "subnetSpecs[0].type",
    wrong: ["Public"],
    without: ["removed", "unknown"],
  },
];

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const statement = (sid: string, path: string): string => `policy|Statement{Sid=${sid}}.${path}`;
const accessTargets: readonly Target[] = [
  {
    rule: "iam-no-wildcard-actions",
    type: POLICY,
    name: /nodes-policy/,
    at: "policy|Statement[0].Action",
    wrong: ["s3:*", ["s3:Get*"]],
    without: ["removed"],
  },
  {
    rule: "iam-no-administrator",
    type: POLICY,
    at: "policy|Statement[0]",
    wrong: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    without: ["removed"],
  },
  {
    rule: "iam-data-resources",
    type: POLICY,
    at: statement("ReadRaw", "Resource"),
    wrong: ["*", "arn:aws:s3:::*"],
    without: ["removed"],
  },
  {
    rule: "iam-no-escalation",
    type: POLICY,
    at: "policy|Statement[0].Action",
    wrong: ["iam:PutRolePolicy", "iam:*"],
    without: ["removed"],
  },
  {
    rule: "iam-key-resources",
    type: POLICY,
    at: statement("UseTheDisksKey", "Resource"),
    wrong: ["*"],
    without: ["removed"],
  },
  {
    rule: "iam-pass-role",
    type: POLICY,
    at: statement("PassTheNodesRole", "Resource"),
    wrong: ["*"],
    without: ["removed"],
  },
  {
    rule: "iam-pass-role",
    type: POLICY,
    at: statement("PassTheNodesRole", "Condition"),
    wrong: [{}],
  },
  {
    rule: "iam-managed-policy",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    at: "policyArn",
    wrong: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    without: ["removed"],
  },
  {
    rule: "iam-trust-policy",
    type: ROLE,
    name: /flights-nodes/,
    at: "assumeRolePolicy|Statement[0].Principal",
    wrong: ["*", { AWS: "*" }],
    without: ["removed"],
  },
  {
    rule: "iam-trust-confused-deputy",
    type: ROLE,
    name: /delivery/,
    at: "assumeRolePolicy|Statement[0].Condition",
    wrong: [{}],
  },
  {
    rule: "iam-trust-external-account",
    type: ROLE,
    name: /flights-nodes/,
    at: "assumeRolePolicy|Statement[0].Principal",
    wrong: [{ AWS: "999999999999" }],
    without: ["removed"],
  },
  {
    rule: "allocation-tags",
    type: "pulumi:providers:aws",
    at: "defaultTags",
    wrong: ['{"tags":{}}', "{}", '{"tags":{"Name":"lake"}}', '{"tags":{"owner":"data"}}'],
  },
  { rule: "stack-budget", type: BUDGET, at: "budgetType", wrong: ["USAGE", ["COST"]], without: ["unknown"] },
  { rule: "stack-budget", type: BUDGET, at: "limitAmount", wrong: ["0", "unlimited"], without: ["unknown"] },
  { rule: "budget-notification", type: BUDGET, at: "notifications", wrong: [[], [{ threshold: 80 }], "mail"] },
];

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
