import type { Environment } from "../environment";
import type { BucketRole } from "../names";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { sharedBucketStatements } from "./shared-catalogue";

type Scope = Pick<Environment, "names" | "settings">;

/** Where flow logs and inventories lie in the logs bucket; access logs lie under their bucket's role. */
export const FLOW_LOG_PREFIX = "flow-logs";
export const INVENTORY_PREFIX = "inventory";
/** Buckets whose contents an inventory lists: those too large to be listed by hand. */
export const INVENTORIED: readonly BucketRole[] = ["raw", "lake"];

/**
 * A bucket's policy: no plain transport, no wrong key, and the AWS services that deliver into it.
 *
 * @param keyArn The bucket's own key; undefined for the access logs, which S3 can only write under its own keys.
 */
export function bucketPolicy(
  scope: Scope & Pick<Environment, "datasets">,
  role: BucketRole,
  keyArn: string | undefined,
): PolicyDocument {
  const arn = scope.names.bucketArn(role);
  const statements = [
    ...transportDenies(arn),
    ...(keyArn === undefined ? [otherThanS3Keys(arn)] : keyDenies(arn, keyArn)),
  ];
  if (role === "lake") statements.push(...sharedBucketStatements(scope));
  if (role === "access-logs") statements.push(accessLogDelivery(scope));
  if (role === "logs") statements.push(...flowLogDelivery(scope), inventoryDelivery(scope));
  return policyDocument(statements);
}

function transportDenies(arn: string): Statement[] {
  const everything = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] } as const;
  return [
    { Sid: "DenyPlainTransport", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "DenyOldTls", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

const ALGORITHM = "s3:x-amz-server-side-encryption";
const KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/**
 * A wrong key is refused and a missing one falls to the bucket's default, so that services which send no header can
 * write. Negated operators also match a missing header, so each says with `Null` that it must be there.
 */
function keyDenies(arn: string, keyArn: string): Statement[] {
  const upload = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${arn}/*` } as const;
  return [
    {
      Sid: "DenyOtherEncryption",
      ...upload,
      Condition: { Null: { [ALGORITHM]: "false" }, StringNotEquals: { [ALGORITHM]: "aws:kms" } },
    },
    {
      // `aws:kms` without a key means the account's `aws/s3`, not the bucket's default.
      Sid: "DenyUnnamedKey",
      ...upload,
      Condition: { StringEquals: { [ALGORITHM]: "aws:kms" }, Null: { [KEY_ID]: "true" } },
    },
    {
      Sid: "DenyOtherKey",
      ...upload,
      Condition: { Null: { [KEY_ID]: "false" }, StringNotEquals: { [KEY_ID]: keyArn } },
    },
  ];
}

function otherThanS3Keys(arn: string): Statement {
  return {
    Sid: "DenyOtherEncryption",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${arn}/*`,
    Condition: { Null: { [ALGORITHM]: "false" }, StringNotEquals: { [ALGORITHM]: "AES256" } },
  };
}

function accessLogDelivery({ names, settings }: Scope): Statement {
  const sources: readonly BucketRole[] = ["landing", "raw", "lake", "artifacts", "logs"];
  return {
    Sid: "AllowAccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: sources.map((source) => `${names.bucketArn("access-logs")}/${source}/*`),
    Condition: {
      StringEquals: { "aws:SourceAccount": settings.accountId },
      ArnLike: { "aws:SourceArn": sources.map((source) => names.bucketArn(source)) },
    },
  };
}

/** Declared here, because flow logs otherwise add these statements themselves, and every plan would undo them. */
function flowLogDelivery({ names, settings }: Scope): Statement[] {
  const arn = names.bucketArn("logs");
  const delivery = { Effect: "Allow", Principal: { Service: "delivery.logs.amazonaws.com" } } as const;
  const source = {
    StringEquals: { "aws:SourceAccount": settings.accountId },
    ArnLike: { "aws:SourceArn": names.arn("logs", "*") },
  };
  return [
    {
      Sid: "AllowFlowLogs",
      ...delivery,
      Action: "s3:PutObject",
      Resource: `${arn}/${FLOW_LOG_PREFIX}/*`,
      Condition: source,
    },
    {
      Sid: "AllowFlowLogsCheck",
      ...delivery,
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: arn,
      Condition: source,
    },
  ];
}

function inventoryDelivery({ names, settings }: Scope): Statement {
  return {
    Sid: "AllowInventories",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${names.bucketArn("logs")}/${INVENTORY_PREFIX}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": settings.accountId },
      ArnLike: { "aws:SourceArn": INVENTORIED.map((role) => names.bucketArn(role)) },
    },
  };
}
