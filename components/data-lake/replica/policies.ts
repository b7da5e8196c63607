import type { Environment } from "../../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../../policy-document";
import { administration, throughServices } from "../key-policy";
import { REPLICATED } from "./environment";

type Scope = Pick<Environment, "names" | "settings">;

/** The replica's key: managed by the account, and used through S3 alone by whom IAM allows it. */
export function replicaKeyPolicy(scope: Scope): PolicyDocument {
  return policyDocument([administration(scope), throughServices(scope, ["s3"])]);
}

/**
 * What S3 may do to copy raw and lake: read versions here, write replicas there, and for each end its key, through S3
 * and for that end's buckets only.
 */
export function replicationStatements(
  here: Scope,
  there: Scope,
  keys: { readonly here: string; readonly there: string },
): Statement[] {
  const from = REPLICATED.map((role) => here.names.bucketArn(role));
  const to = REPLICATED.map((role) => there.names.bucketArn(role));
  const objects = (arns: readonly string[]): string[] => arns.map((arn) => `${arn}/*`);
  const useOf = (scope: Scope, arns: readonly string[]): Statement["Condition"] => ({
    StringEquals: { "kms:ViaService": `s3.${scope.settings.region}.amazonaws.com` },
    // With a bucket key the context is the bucket; an object that was written without one has its own.
    StringLike: { "kms:EncryptionContext:aws:s3:arn": [...arns, ...objects(arns)] },
  });
  return [
    {
      Sid: "ReadReplication",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: from,
    },
    {
      Sid: "ReadVersions",
      Effect: "Allow",
      Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
      Resource: objects(from),
    },
    {
      Sid: "WriteReplicas",
      Effect: "Allow",
      Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
      Resource: objects(to),
    },
    {
      Sid: "DecryptVersions",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keys.here,
      Condition: useOf(here, from),
    },
    {
      Sid: "EncryptReplicas",
      Effect: "Allow",
      Action: ["kms:Encrypt", "kms:GenerateDataKey"],
      Resource: keys.there,
      Condition: useOf(there, to),
    },
  ];
}
