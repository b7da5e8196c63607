import { ROOT_VOLUME_GB } from "../../capacity/instances";
import type { ClusterSpec } from "./spec";

/** Tags by which a cluster is found again: by whoever may act on it, and by whoever cleans up. */
export const PIPELINE_TAG = "basin:pipeline";
export const EXECUTION_TAG = "basin:execution";

/** What only a deployment knows. */
export interface ClusterReferences {
  /** Those that the cluster may start in: see `subnetsFor`. */
  readonly subnetIds: readonly string[];
  readonly primaryGroupId: string;
  readonly coreGroupId: string;
  readonly serviceAccessGroupId: string;
  readonly serviceRole: string;
  readonly instanceProfile: string;
  readonly securityConfiguration: string;
  readonly logsKeyArn: string;
}

/** A RunJobFlow request, in AWS's own casing. */
export type RunJobFlow = Readonly<Record<string, unknown>>;

/** The subnets of all zones of which the cluster takes one or, where it may start anywhere, all. */
export function subnetsFor({ subnet }: Pick<ClusterSpec, "subnet">, subnetIds: readonly string[]): string[] {
  if (subnet === undefined) return [...subnetIds];
  return subnetIds.slice(subnet % subnetIds.length).slice(0, 1);
}

/** The request that makes a cluster. Whoever sends it for a run adds the tag of its execution. */
export function runJobFlow(spec: ClusterSpec, references: ClusterReferences): RunJobFlow {
  return {
    Name: spec.name,
    ReleaseLabel: spec.release,
    Applications: spec.applications.map((Name) => ({ Name })),
    LogUri: spec.logUri,
    LogEncryptionKmsKeyId: references.logsKeyArn,
    ServiceRole: references.serviceRole,
    JobFlowRole: references.instanceProfile,
    SecurityConfiguration: references.securityConfiguration,
    Instances: {
      InstanceFleets: spec.fleets,
      Ec2SubnetIds: references.subnetIds,
      EmrManagedMasterSecurityGroup: references.primaryGroupId,
      EmrManagedSlaveSecurityGroup: references.coreGroupId,
      ServiceAccessSecurityGroup: references.serviceAccessGroupId,
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: spec.terminationProtected,
      UnhealthyNodeReplacement: true,
    },
    Configurations: spec.configurations,
    EbsRootVolumeSize: ROOT_VOLUME_GB,
    StepConcurrencyLevel: spec.concurrency,
    ...(spec.idleSeconds === undefined ? {} : { AutoTerminationPolicy: { IdleTimeout: spec.idleSeconds } }),
    ...(spec.scaling ? { ManagedScalingPolicy: spec.scaling } : {}),
    Tags: Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
