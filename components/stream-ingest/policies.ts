import type { Environment } from "../environment";
import { ownerShares, type OwnerShare } from "../owner-shares";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { undeliveredPrefix } from "./archive";

type Scope = Pick<Environment, "names" | "settings">;

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

/** Under which name the cluster that reads a stream by fan-out is registered with it. */
export function fanOutConsumer(names: Scope["names"]): string {
  return names.inAccount("direct", 128);
}

export function streamArn({ names }: Pick<Scope, "names">, dataset: string): string {
  return names.arn("kinesis", `stream/${names.stream(dataset)}`);
}

type Streamed = { readonly name: string; readonly owner: string };

/** Which datasets' streams one role delivers. */
export function deliveryGroups(scope: Scope, datasets: readonly Streamed[], logGroup: string): OwnerShare<Streamed>[] {
  const keys = { streams: SAMPLE_KEY_ARN, lake: SAMPLE_KEY_ARN };
  const namesOf = (items: readonly Streamed[]): string[] => items.map(({ name }) => name);
  return ownerShares(datasets, (items) => deliveryStatements(scope, namesOf(items), keys, logGroup));
}
