import type { CadenceSize, ClusterSize } from "../../capacity/index";
import { ROOT_VOLUME_GB } from "../../capacity/instances";
import type { Environment } from "../environment";
import { EMR_MANAGED_TAG } from "../network/emr-tag";
import { clusterSettings, configurations, type ClusterSetting, type Configuration } from "./configurations";
import { instanceFleets, type InstanceFleetConfig } from "./fleets";
import { logUri } from "./places";

/** Tags by which a run's cluster is found again: by whoever may act on it, and by whoever cleans up. */
export const PIPELINE_TAG = "basin:pipeline";
export const EXECUTION_TAG = "basin:execution";

/** Well above the 300 s between two looks of Step Functions at a step: only a forgotten cluster is idle for so long. */
const IDLE_SECONDS = 1_200;
const APPLICATIONS = ["Hadoop", "Spark", "Hive", "AmazonCloudWatchAgent"] as const;

/** All that is decided about a group's cluster, in plain values. */
export interface ClusterSpec {
  readonly name: string;
  readonly release: string;
  readonly applications: readonly string[];
  readonly logUri: string;
  readonly idleSeconds: number;
  readonly settings: readonly ClusterSetting[];
  readonly configurations: readonly Configuration[];
  readonly runs: readonly RunSpec[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The fleets of one of the group's runs. */
export interface RunSpec {
  /** Name of the cadence, as `30-minutes`. */
  readonly name: string;
  readonly concurrency: number;
  readonly fleets: readonly InstanceFleetConfig[];
  readonly scaling: ManagedScaling | undefined;
}

/** EMR's own shape of the limits of managed scaling. */
export interface ManagedScaling {
  readonly ComputeLimits: {
    readonly UnitType: "InstanceFleetUnits";
    readonly MinimumCapacityUnits: number;
    readonly MaximumCapacityUnits: number;
    readonly MaximumOnDemandCapacityUnits: number;
    readonly MaximumCoreCapacityUnits: number;
  };
}

/** Decides a group's cluster. Pure: serves the recipe of a run, and the plan. */
export function clusterSpec(environment: Environment, size: ClusterSize): ClusterSpec {
  const { names, settings } = environment;
  const software = clusterSettings(environment, size);
  return {
    name: names.inAccount(size.name, 128),
    release: settings.spark.release,
    applications: APPLICATIONS,
    logUri: logUri(names, size.name),
    idleSeconds: IDLE_SECONDS,
    settings: software,
    configurations: configurations(software),
    runs: size.cadences.map((cadence) => ({
      name: cadence.name,
      concurrency: cadence.concurrency,
      fleets: instanceFleets(cadence),
      scaling: managedScaling(cadence),
    })),
    tags: {
      ...settings.tags,
      ...EMR_MANAGED_TAG,
      "basin:environment": settings.environment,
      "basin:stack": `${settings.prefix}-${settings.stack}`,
      [PIPELINE_TAG]: size.name,
    },
  };
}

/**
 * Task nodes go when nobody needs them. Only they can be Spot: the core keeps off it only where its cap equals the cap
 * of on-demand, and both must be set, or EMR takes on-demand as 0.
 */
function managedScaling({ core, task }: CadenceSize): ManagedScaling | undefined {
  if (!task) return undefined;
  return {
    ComputeLimits: {
      UnitType: "InstanceFleetUnits",
      MinimumCapacityUnits: core.maxUnits,
      MaximumCapacityUnits: core.maxUnits + task.maxUnits,
      MaximumOnDemandCapacityUnits: core.maxUnits,
      MaximumCoreCapacityUnits: core.maxUnits,
    },
  };
}

/** What only a deployment knows. */
export interface RecipeReferences {
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

/** The request that makes the cluster of one run. Whoever sends it adds the tag of its execution. */
export function runJobFlow(spec: ClusterSpec, run: RunSpec, references: RecipeReferences): RunJobFlow {
  return {
    Name: `${spec.name}-${run.name}`,
    ReleaseLabel: spec.release,
    Applications: spec.applications.map((Name) => ({ Name })),
    LogUri: spec.logUri,
    LogEncryptionKmsKeyId: references.logsKeyArn,
    ServiceRole: references.serviceRole,
    JobFlowRole: references.instanceProfile,
    SecurityConfiguration: references.securityConfiguration,
    Instances: {
      InstanceFleets: run.fleets,
      // EMR chooses the zone that has the capacity.
      Ec2SubnetIds: references.subnetIds,
      EmrManagedMasterSecurityGroup: references.primaryGroupId,
      EmrManagedSlaveSecurityGroup: references.coreGroupId,
      ServiceAccessSecurityGroup: references.serviceAccessGroupId,
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: false,
      UnhealthyNodeReplacement: true,
    },
    Configurations: spec.configurations,
    EbsRootVolumeSize: ROOT_VOLUME_GB,
    StepConcurrencyLevel: run.concurrency,
    AutoTerminationPolicy: { IdleTimeout: spec.idleSeconds },
    ...(run.scaling ? { ManagedScalingPolicy: run.scaling } : {}),
    Tags: Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
