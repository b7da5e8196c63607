import type * as emr from "@pulumi/aws/emr";
import type * as input from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { ROOT_VOLUME_GB } from "../../../capacity/instances";
import type { InstanceFleetConfig, InstanceTypeConfig } from "../fleets";
import type { ClusterReferences } from "../recipe";
import type { ClusterSpec } from "../spec";

export type DeclaredReferences = { readonly [K in keyof ClusterReferences]: pulumi.Input<ClusterReferences[K]> };

/** The same cluster that `runJobFlow` asks for, as a resource. Its task fleet and scaling are resources of their own. */
export function clusterArgs(spec: ClusterSpec, references: DeclaredReferences): emr.ClusterArgs {
  return {
    name: spec.name,
    releaseLabel: spec.release,
    applications: [...spec.applications],
    logUri: spec.logUri,
    logEncryptionKmsKeyId: references.logsKeyArn,
    serviceRole: references.serviceRole,
    securityConfiguration: references.securityConfiguration,
    ec2Attributes: {
      instanceProfile: references.instanceProfile,
      subnetIds: references.subnetIds as pulumi.Input<string[]>,
      emrManagedMasterSecurityGroup: references.primaryGroupId,
      emrManagedSlaveSecurityGroup: references.coreGroupId,
      serviceAccessSecurityGroup: references.serviceAccessGroupId,
    },
    masterInstanceFleet: fleetArgs(fleetOf(spec, "MASTER")),
    coreInstanceFleet: fleetArgs(fleetOf(spec, "CORE")),
    keepJobFlowAliveWhenNoSteps: true,
    terminationProtection: spec.terminationProtected,
    unhealthyNodeReplacement: true,
    configurationsJson: JSON.stringify(spec.configurations),
    ebsRootVolumeSize: ROOT_VOLUME_GB,
    stepConcurrencyLevel: spec.concurrency,
    ...(spec.idleSeconds === undefined ? {} : { autoTerminationPolicy: { idleTimeout: spec.idleSeconds } }),
    tags: spec.tags,
  };
}

/** The task fleet of a cluster; undefined where it has none. */
export function taskFleetArgs(spec: ClusterSpec): Omit<emr.InstanceFleetArgs, "clusterId"> | undefined {
  const task = spec.fleets.find(({ InstanceFleetType }) => InstanceFleetType === "TASK");
  return task && fleetArgs(task);
}

/** The limits of managed scaling; undefined where there is nothing to scale. */
export function scalingArgs({ scaling }: ClusterSpec): Omit<emr.ManagedScalingPolicyArgs, "clusterId"> | undefined {
  if (!scaling) return undefined;
  const limits = scaling.ComputeLimits;
  return {
    computeLimits: [
      {
        unitType: limits.UnitType,
        minimumCapacityUnits: limits.MinimumCapacityUnits,
        maximumCapacityUnits: limits.MaximumCapacityUnits,
        maximumOndemandCapacityUnits: limits.MaximumOnDemandCapacityUnits,
        maximumCoreCapacityUnits: limits.MaximumCoreCapacityUnits,
      },
    ],
  };
}

function fleetOf(spec: ClusterSpec, type: InstanceFleetConfig["InstanceFleetType"]): InstanceFleetConfig {
  const fleet = spec.fleets.find(({ InstanceFleetType }) => InstanceFleetType === type);
  if (!fleet) throw new Error(`${spec.name} has no ${type} fleet`);
  return fleet;
}

function fleetArgs(fleet: InstanceFleetConfig): input.emr.ClusterCoreInstanceFleet {
  const { OnDemandSpecification: onDemand, SpotSpecification: spot } = fleet.LaunchSpecifications;
  return {
    name: fleet.Name,
    targetOnDemandCapacity: fleet.TargetOnDemandCapacity,
    targetSpotCapacity: fleet.TargetSpotCapacity,
    instanceTypeConfigs: fleet.InstanceTypeConfigs.map(typeArgs),
    launchSpecifications: {
      onDemandSpecifications: [{ allocationStrategy: onDemand.AllocationStrategy }],
      ...(spot
        ? {
            spotSpecifications: [
              {
                allocationStrategy: spot.AllocationStrategy,
                timeoutDurationMinutes: spot.TimeoutDurationMinutes,
                timeoutAction: spot.TimeoutAction,
              },
            ],
          }
        : {}),
    },
  };
}

function typeArgs(config: InstanceTypeConfig): input.emr.ClusterCoreInstanceFleetInstanceTypeConfig {
  const disks = config.EbsConfiguration?.EbsBlockDeviceConfigs ?? [];
  return {
    instanceType: config.InstanceType,
    weightedCapacity: config.WeightedCapacity,
    ...(disks.length > 0
      ? {
          ebsConfigs: disks.map(({ VolumeSpecification, VolumesPerInstance }) => ({
            type: VolumeSpecification.VolumeType,
            size: VolumeSpecification.SizeInGB,
            volumesPerInstance: VolumesPerInstance,
          })),
        }
      : {}),
  };
}
