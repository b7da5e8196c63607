import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";
import { sharedKeyStatements } from "./shared-catalogue";

/** A key a domain: what reads the lake need not read secrets. */
export const KEY_DOMAINS = ["lake", "streams", "logs", "secrets"] as const;
export type KeyDomain = (typeof KEY_DOMAINS)[number];

/** What the key protects, as its description says. */
export const KEY_PURPOSES: Readonly<Record<KeyDomain, string>> = {
  lake: "Objects and tables of the lake",
  streams: "Records in Kinesis streams",
  logs: "Log groups, access logs of clusters, inventories and flow logs",
  secrets: "Secrets of source databases",
};

/** In a key policy the resource is the key itself: there is no other way to write it. */
const THIS_KEY = "*";

export const KEY_USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
] as const;

/** Managing a key, without one action that reads what it protects. */
const KEY_ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
] as const;

/** Services through which a principal of this account may use the key, where its own policies allow that too. */
const THROUGH_SERVICES: Readonly<Record<KeyDomain, readonly string[]>> = {
  lake: ["s3", "dynamodb"],
  streams: ["kinesis"],
  logs: ["s3"],
  secrets: ["secretsmanager"],
};

type Scope = Pick<Environment, "names" | "settings">;

/**
 * A key's policy. It names no role: KMS would pin the role's unique id, and a role made anew under its old name would
 * have lost the key. Roles are matched by name (`aws:PrincipalArn`), and their own policies must allow the use as well.
 */
export function keyPolicy(scope: Scope & Pick<Environment, "datasets">, domain: KeyDomain): PolicyDocument {
  const migrates = Object.keys(scope.settings.connections).length > 0 && (domain === "lake" || domain === "secrets");
  const services = [...THROUGH_SERVICES[domain], ...(migrates ? ["dms"] : [])];
  const statements = [administration(scope), use(scope), grants(scope), throughServices(scope, services)];
  if (domain === "lake") {
    statements.push(serviceGrants(scope, "dynamodb", "GrantedToTables"), ...sharedKeyStatements(scope));
  }
  // A replication's disk and what it knows of its source.
  if (migrates) statements.push(serviceGrants(scope, "dms", "GrantedToReplications"));
  if (domain === "logs") statements.push(...logDelivery(scope));
  return policyDocument(statements);
}

/** The account may manage the key; IAM decides who in it. Without this a key can become unmanageable for ever. */
export function administration({ settings }: Scope): Statement {
  return {
    Sid: "AdministeredByTheAccount",
    Effect: "Allow",
    Principal: { AWS: accountRoot(settings.accountId) },
    Action: KEY_ADMINISTRATION,
    Resource: THIS_KEY,
  };
}

/** A service that encrypts and decrypts on its own behalf, for resources of this account only. */
export function serviceUse(
  { settings }: Scope,
  service: string,
  sid: string,
  sourceArns: string | readonly string[],
): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
    Resource: THIS_KEY,
    Condition: {
      StringEquals: { "aws:SourceAccount": settings.accountId },
      ArnLike: { "aws:SourceArn": sourceArns },
    },
  };
}

export function accountRoot(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/** Matches every role of this stack: prefix and stack hold no hyphen, so no other stack's roles begin like this. */
function stackRoles({ names }: Scope): string {
  return names.arn("iam", `role/${names.inAccount("*")}`);
}

function use(scope: Scope): Statement {
  return {
    Sid: "UsedByThisStacksRoles",
    Effect: "Allow",
    Principal: { AWS: accountRoot(scope.settings.accountId) },
    Action: KEY_USE,
    Resource: THIS_KEY,
    Condition: { ArnLike: { "aws:PrincipalArn": stackRoles(scope) } },
  };
}

/** EC2 holds a grant for each encrypted volume of a cluster's nodes. */
function grants(scope: Scope): Statement {
  return {
    Sid: "GrantedToVolumesByThisStacksRoles",
    Effect: "Allow",
    Principal: { AWS: accountRoot(scope.settings.accountId) },
    Action: "kms:CreateGrant",
    Resource: THIS_KEY,
    Condition: {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      ArnLike: { "aws:PrincipalArn": stackRoles(scope) },
    },
  };
}

/** Principals of this account, where their own policies allow it too, but only through these services. */
export function throughServices({ settings }: Scope, services: readonly string[]): Statement {
  return {
    Sid: "UsedThroughItsServices",
    Effect: "Allow",
    Principal: { AWS: accountRoot(settings.accountId) },
    Action: KEY_USE,
    Resource: THIS_KEY,
    Condition: {
      StringEquals: {
        "kms:CallerAccount": settings.accountId,
        "kms:ViaService": services.map((service) => `${service}.${settings.region}.amazonaws.com`),
      },
    },
  };
}

/** Whoever may make something encrypted of a service's, as a DynamoDB table, grants it its key. */
function serviceGrants({ settings }: Scope, service: string, sid: string): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: accountRoot(settings.accountId) },
    Action: "kms:CreateGrant",
    Resource: THIS_KEY,
    Condition: {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: {
        "kms:CallerAccount": settings.accountId,
        "kms:ViaService": `${service}.${settings.region}.amazonaws.com`,
      },
    },
  };
}

function logDelivery(scope: Scope): Statement[] {
  const { names, settings } = scope;
  return [
    {
      Sid: "UsedByCloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${settings.region}.amazonaws.com` },
      Action: KEY_USE,
      Resource: THIS_KEY,
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": names.arn("logs", `log-group:*${names.inAccount("*")}`) },
      },
    },
    serviceUse(scope, "delivery.logs.amazonaws.com", "UsedByFlowLogs", names.arn("logs", "*")),
    serviceUse(scope, "s3.amazonaws.com", "UsedByInventories", [names.bucketArn("raw"), names.bucketArn("lake")]),
  ];
}
