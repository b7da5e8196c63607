import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import { serviceTrust } from "../../policy-document";
import { declareServiceRole } from "../../service-role";
import type { Bucket } from "../bucket";
import { REPLICATED } from "./environment";
import type { Replica } from "./index";
import { replicationStatements } from "./policies";

export interface ReplicationArgs {
  readonly environment: Environment;
  readonly from: Readonly<Record<(typeof REPLICATED)[number], Bucket>>;
  readonly keyArn: pulumi.Input<string>;
  readonly to: Replica;
}

/** Copies all that is written from now on. What lay there before is copied by a batch job: see docs/settings.md. */
export function declareReplication(name: string, args: ReplicationArgs, opts: pulumi.CustomResourceOptions): void {
  const { environment, from, keyArn, to } = args;
  const { role, ready } = declareServiceRole(
    name,
    {
      environment,
      role: "replication",
      description: "S3, which copies raw and lake into the second region",
      trust: serviceTrust("s3.amazonaws.com", environment.settings.accountId),
      statements: pulumi
        .all([keyArn, to.key.arn])
        .apply(([here, there]) => replicationStatements(environment, to.environment, { here, there })),
    },
    opts,
  );
  for (const bucket of REPLICATED) {
    new s3.BucketReplicationConfig(
      `${name}-${bucket}`,
      {
        bucket: from[bucket].resource.bucket,
        role: role.arn,
        rules: [
          {
            id: "everything",
            status: "Enabled",
            priority: 0,
            filter: {},
            // What VACUUM or a person deletes goes there as well, and can be brought back for as long as here.
            deleteMarkerReplication: { status: "Enabled" },
            // Without this S3 passes over every object that is encrypted by KMS, which is all of them.
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: to.buckets[bucket].resource.arn,
              encryptionConfiguration: { replicaKmsKeyId: to.key.arn },
              metrics: { status: "Enabled" },
            },
          },
        ],
      },
      // S3 takes the rule only once both buckets have versions and the role may copy.
      { ...opts, dependsOn: [...from[bucket].ready, ...to.buckets[bucket].ready, ...ready] },
    );
  }
}
