import type { ClusterSize } from "../../capacity/index";
import { inputsOf } from "../../declarations/dataset-graph";
import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { certificateKey, CLUSTER_LOG_PREFIX, eventLogKey } from "./places";

const KEY_USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];
const WRITE = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];

/** What EMR itself may do beyond `AmazonEMRServicePolicy_v2`: hand over the nodes' role, and encrypt their disks. */
export function serviceStatements(instanceRoleArn: string, lakeKeyArn: string): Statement[] {
  return [
    {
      Sid: "PassTheNodesRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: instanceRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    { Sid: "UseTheDisksKey", Effect: "Allow", Action: KEY_USE, Resource: lakeKeyArn },
    {
      Sid: "GrantTheDisksKey",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: lakeKeyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** EC2 names no source account when it assumes a node's role: a condition on it would leave nodes without a role. */
export function nodesTrust(): PolicyDocument {
  return policyDocument([
    {
      Sid: "AssumedByNodes",
      Effect: "Allow",
      Principal: { Service: "ec2.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ]);
}

/** What the nodes' role may do: run this group's jobs on this group's datasets, and nothing in another's. */
export function instanceStatements(
  environment: Environment,
  size: ClusterSize,
  keyArns: { readonly lake: string; readonly logs: string },
): Statement[] {
  const { names } = environment;
  const datasets = environment.datasets.filter(({ name }) => size.datasets.includes(name));
  const arriving = datasets.filter(({ source }) => source.kind !== "derived");
  const inputs = environment.datasets.filter(
    ({ name }) => !size.datasets.includes(name) && datasets.some((dataset) => inputsOf(dataset).includes(name)),
  );
  return [
    ...bucketStatements(environment, size, arriving, datasets, inputs),
    { Sid: "UseKeys", Effect: "Allow", Action: KEY_USE, Resource: [keyArns.lake, keyArns.logs] },
    {
      Sid: "ReadCatalogue",
      Effect: "Allow",
      Action: [
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
        "glue:GetUserDefinedFunctions",
      ],
      Resource: catalogueArns(environment, [...datasets, ...inputs]),
    },
    {
      Sid: "CommitToTables",
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      Resource: names.arn("dynamodb", `table/${names.inAccount("log-store", 255)}`),
    },
    {
      Sid: "LockDatasets",
      Effect: "Allow",
      Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      Resource: names.arn("dynamodb", `table/${names.inAccount("locks", 255)}`),
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": datasets.map(({ name }) => name) } },
    },
    ...nodeStatements(environment, size),
  ];
}

function bucketStatements(
  { names }: Environment,
  size: ClusterSize,
  arriving: readonly Dataset[],
  datasets: readonly Dataset[],
  inputs: readonly Dataset[],
): Statement[] {
  const raw = names.bucketArn("raw");
  const lake = names.bucketArn("lake");
  const logs = names.bucketArn("logs");
  // A dataset's own prefix, and what Basin keeps beside it under `<dataset>__…`.
  const tables = (all: readonly Dataset[]): string[] =>
    all.flatMap((dataset) => [`${zoneOf(dataset)}/${dataset.name}/*`, `${zoneOf(dataset)}/${dataset.name}__*`]);
  const list = (sid: string, bucket: string, prefixes: readonly string[]): Statement[] =>
    prefixes.length === 0
      ? []
      : [
          {
            Sid: sid,
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: bucket,
            Condition: { StringLike: { "s3:prefix": prefixes } },
          },
        ];
  const prefixesOf = (keys: readonly string[]): string[] => keys.flatMap((key) => [key, key.replace(/\/\*$/, "")]);
  const rawKeys = arriving.map(({ name }) => `${name}/*`);
  return [
    {
      Sid: "FindBuckets",
      Effect: "Allow",
      Action: "s3:GetBucketLocation",
      Resource: [raw, lake, logs, names.bucketArn("artifacts")],
    },
    ...list("ListRaw", raw, prefixesOf(rawKeys)),
    ...(rawKeys.length === 0
      ? []
      : [
          {
            Sid: "ReadRaw",
            Effect: "Allow" as const,
            Action: "s3:GetObject",
            Resource: rawKeys.map((key) => `${raw}/${key}`),
          },
        ]),
    ...list("ListTables", lake, prefixesOf(tables([...datasets, ...inputs]))),
    { Sid: "WriteTables", Effect: "Allow", Action: WRITE, Resource: tables(datasets).map((key) => `${lake}/${key}`) },
    ...(inputs.length === 0
      ? []
      : [
          {
            Sid: "ReadInputs",
            Effect: "Allow" as const,
            Action: "s3:GetObject",
            Resource: inputs.map((input) => `${lake}/${zoneOf(input)}/${input.name}/*`),
          },
        ]),
    {
      Sid: "ReadArtifacts",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: ["jobs", "datasets", "dependencies"].map((prefix) => `${names.bucketArn("artifacts")}/${prefix}/*`),
    },
    {
      Sid: "ReadCertificate",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${names.bucketArn("artifacts")}/${certificateKey(size.name, 0).replace("0.zip", "*")}`,
    },
    ...list("ListEventLog", logs, prefixesOf([`${eventLogKey(size.name)}*`])),
    { Sid: "WriteEventLog", Effect: "Allow", Action: WRITE, Resource: `${logs}/${eventLogKey(size.name)}*` },
    {
      Sid: "WriteClusterLog",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: `${logs}/${CLUSTER_LOG_PREFIX}${size.name}/*`,
    },
  ];
}

/** Spark asks Glue for `default` and `global_temp` whether they exist or not. */
function catalogueArns({ names }: Environment, datasets: readonly Dataset[]): string[] {
  const zones = [...new Set(datasets.map(zoneOf))];
  return [
    names.arn("glue", "catalog"),
    names.arn("glue", "database/default"),
    names.arn("glue", "database/global_temp"),
    ...zones.map((zone) => names.arn("glue", `database/${names.database(zone)}`)),
    ...datasets.map((dataset) => names.arn("glue", `table/${names.database(zoneOf(dataset))}/${dataset.name}`)),
  ];
}

/** What a node does for itself: logs, metrics, its own cluster, and Session Manager instead of SSH. */
function nodeStatements({ names }: Environment, size: ClusterSize): Statement[] {
  return [
    {
      Sid: "DescribeItsCluster",
      Effect: "Allow",
      Action: [
        "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:DescribeStep",
        "elasticmapreduce:ListBootstrapActions",
        "elasticmapreduce:ListInstanceFleets",
        "elasticmapreduce:ListInstances",
        "elasticmapreduce:ListSteps",
      ],
      Resource: names.arn("elasticmapreduce", "cluster/*"),
      Condition: { StringEquals: { "elasticmapreduce:ResourceTag/basin:pipeline": size.name } },
    },
    {
      // CloudWatch knows metrics by namespace only.
      Sid: "PublishMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["CWAgent", "Basin"] } },
    },
    {
      // Session Manager's channels have no ARN.
      Sid: "OpenSessions",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
  ];
}
