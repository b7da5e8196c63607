import type { Dataset } from "../../declarations/dataset";
import { zoneOf } from "../../declarations/dataset";
import { exportPrefix } from "../catalog/export-tables";
import { rawPrefix, uploadManifests } from "../data-lake/lifecycle";
import { isDatabase, landingPrefix } from "../database-migration/replication";
import type { Environment } from "../environment";
import type { Statement } from "../policy-document";
import { certificateKey, CLUSTER_LOG_PREFIX, eventLogKey } from "./places";
import type { NodesScope } from "./policies";

const WRITE = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];

/** Raw, tables, jobs and logs: each by its own prefixes. */
export function bucketStatements(
  { names }: Environment,
  size: NodesScope,
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
  const copies = datasets.flatMap((dataset) => exportPrefix(dataset) ?? []).map((prefix) => `${prefix}/*`);
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
  // What has arrived, and the manifests by which uploads prove it.
  const rawKeys = arriving.flatMap(({ name }) =>
    [rawPrefix(name), uploadManifests(name)].map((prefix) => `${prefix}*`),
  );
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
    ...landingStatements(names, arriving),
    ...list("ListTables", lake, prefixesOf([...tables([...datasets, ...inputs]), ...copies])),
    ...(datasets.length === 0
      ? []
      : [
          {
            Sid: "WriteTables",
            Effect: "Allow" as const,
            Action: WRITE,
            Resource: [...tables(datasets), ...copies].map((key) => `${lake}/${key}`),
          },
        ]),
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

/** A database's files are copied from landing into raw, and marked there so that they may expire. */
function landingStatements(names: Environment["names"], arriving: readonly Dataset[]): Statement[] {
  const tables = arriving.filter(isDatabase);
  if (tables.length === 0) return [];
  const landing = names.bucketArn("landing");
  const prefixes = tables.map(landingPrefix);
  return [
    {
      Sid: "ListLanding",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: landing,
      Condition: { StringLike: { "s3:prefix": prefixes.flatMap((prefix) => [`${prefix}*`, prefix.slice(0, -1)]) } },
    },
    {
      Sid: "CopyLanding",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObjectTagging"],
      Resource: prefixes.map((prefix) => `${landing}/${prefix}*`),
    },
    {
      Sid: "WriteRawCopies",
      Effect: "Allow",
      Action: WRITE.filter((action) => action !== "s3:DeleteObject"),
      Resource: tables.map(({ name }) => `${names.bucketArn("raw")}/${name}/*`),
    },
  ];
}
