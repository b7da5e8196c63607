import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { undeliveredPrefix } from "./archive";

type Scope = Pick<Environment, "names" | "settings">;

/** Characters that IAM allows in a managed policy; white space does not count, and there is none. */
export const MANAGED_POLICY_LIMIT = 6_144;
/** Room for key ARNs, which only a deployment knows: `arn:aws:kms:…:key/` and a UUID. */
const SAMPLE_KEY_ARN = `arn:aws:kms:ap-southeast-1:111122223333:key/${"0".repeat(36)}`;

export interface DeliveryKeys {
  readonly streams: string;
  readonly lake: string;
}

/** What a delivery role may: read its streams, write their objects into raw, and tell what went wrong. */
export function deliveryStatements(
  { names, settings }: Scope,
  datasets: readonly string[],
  keys: DeliveryKeys,
  logGroup: string,
): Statement[] {
  const raw = names.bucketArn("raw");
  const allow = { Effect: "Allow" } as const;
  return [
    {
      Sid: "ReadStreams",
      ...allow,
      Action: ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"],
      Resource: datasets.map((dataset) => streamArn({ names }, dataset)),
    },
    {
      Sid: "DecryptRecords",
      ...allow,
      Action: "kms:Decrypt",
      Resource: keys.streams,
      Condition: { StringEquals: { "kms:ViaService": `kinesis.${settings.region}.amazonaws.com` } },
    },
    {
      Sid: "FindRaw",
      ...allow,
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: raw,
    },
    {
      Sid: "WriteRaw",
      ...allow,
      Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      Resource: datasets.flatMap((dataset) => [`${raw}/${dataset}/*`, `${raw}/${undeliveredPrefix(dataset)}*`]),
    },
    {
      Sid: "EncryptRaw",
      ...allow,
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keys.lake,
      Condition: {
        StringEquals: {
          "kms:ViaService": `s3.${settings.region}.amazonaws.com`,
          // With bucket keys the context is the bucket's ARN, never an object's.
          "kms:EncryptionContext:aws:s3:arn": raw,
        },
      },
    },
    {
      Sid: "TellErrors",
      ...allow,
      Action: "logs:PutLogEvents",
      Resource: names.arn("logs", `log-group:${logGroup}:log-stream:*`),
    },
  ];
}

/** What a producer may: put records on one stream. */
export function producerPolicy({ names, settings }: Scope, dataset: string, streamsKeyArn: string): PolicyDocument {
  return policyDocument([
    {
      Sid: "PutRecords",
      Effect: "Allow",
      Action: ["kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"],
      Resource: streamArn({ names }, dataset),
    },
    {
      Sid: "EncryptRecords",
      Effect: "Allow",
      Action: "kms:GenerateDataKey",
      Resource: streamsKeyArn,
      Condition: { StringEquals: { "kms:ViaService": `kinesis.${settings.region}.amazonaws.com` } },
    },
  ]);
}

export function streamArn({ names }: Pick<Scope, "names">, dataset: string): string {
  return names.arn("kinesis", `stream/${names.stream(dataset)}`);
}

/** Datasets whose streams one role delivers: one owner's, and no more than one managed policy holds. */
export interface DeliveryGroup {
  readonly owner: string;
  /** From 1 within its owner. */
  readonly number: number;
  readonly datasets: readonly string[];
}

/** Roles by owner, not by dataset: an account has 1,000 roles, and a thousand streams must not use them up. */
export function deliveryGroups(
  scope: Scope,
  datasets: readonly { readonly name: string; readonly owner: string }[],
  logGroup: string,
): DeliveryGroup[] {
  const groups: { owner: string; number: number; datasets: string[] }[] = [];
  const keys = { streams: SAMPLE_KEY_ARN, lake: SAMPLE_KEY_ARN };
  for (const { name, owner } of datasets) {
    const last = groups.findLast((group) => group.owner === owner);
    const fits =
      last && policySize(deliveryStatements(scope, [...last.datasets, name], keys, logGroup)) <= MANAGED_POLICY_LIMIT;
    if (fits) last.datasets.push(name);
    else groups.push({ owner, number: (last?.number ?? 0) + 1, datasets: [name] });
  }
  return groups;
}

function policySize(statements: readonly Statement[]): number {
  return JSON.stringify(policyDocument(statements)).length;
}
