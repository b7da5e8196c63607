/** A resource's properties. */
export type Props = Record<string, unknown>;

/** The provider's properties as the request that it makes of them; `unread` are properties that this did not look at. */
export function asRequest(cluster: Props, task: Props | undefined, scaling: Props | undefined) {
  const read = new Set<string>();
  const of = (key: string): unknown => {
    read.add(key);
    return cluster[key];
  };
  const ec2 = of("ec2Attributes") as Props;
  const idle = of("autoTerminationPolicy") as { idleTimeout: number } | undefined;
  const [limits] = (scaling?.["computeLimits"] as Record<string, unknown>[] | undefined) ?? [];
  const request = {
    Name: of("name"),
    ReleaseLabel: of("releaseLabel"),
    Applications: (of("applications") as string[]).map((Name) => ({ Name })),
    LogUri: of("logUri"),
    LogEncryptionKmsKeyId: of("logEncryptionKmsKeyId"),
    ServiceRole: of("serviceRole"),
    JobFlowRole: ec2["instanceProfile"],
    SecurityConfiguration: of("securityConfiguration"),
    Instances: {
      InstanceFleets: [
        fleetRequest("MASTER", of("masterInstanceFleet") as Props),
        fleetRequest("CORE", of("coreInstanceFleet") as Props),
        ...(task ? [fleetRequest("TASK", task)] : []),
      ],
      Ec2SubnetIds: ec2["subnetIds"],
      EmrManagedMasterSecurityGroup: ec2["emrManagedMasterSecurityGroup"],
      EmrManagedSlaveSecurityGroup: ec2["emrManagedSlaveSecurityGroup"],
      ServiceAccessSecurityGroup: ec2["serviceAccessSecurityGroup"],
      KeepJobFlowAliveWhenNoSteps: of("keepJobFlowAliveWhenNoSteps"),
      TerminationProtected: of("terminationProtection"),
      UnhealthyNodeReplacement: of("unhealthyNodeReplacement"),
    },
    Configurations: JSON.parse(of("configurationsJson") as string) as unknown,
    EbsRootVolumeSize: of("ebsRootVolumeSize"),
    StepConcurrencyLevel: of("stepConcurrencyLevel"),
    ...(idle ? { AutoTerminationPolicy: { IdleTimeout: idle.idleTimeout } } : {}),
    ...(limits
      ? {
          ManagedScalingPolicy: {
            ComputeLimits: {
              UnitType: limits["unitType"],
              MinimumCapacityUnits: limits["minimumCapacityUnits"],
              MaximumCapacityUnits: limits["maximumCapacityUnits"],
              MaximumOnDemandCapacityUnits: limits["maximumOndemandCapacityUnits"],
              MaximumCoreCapacityUnits: limits["maximumCoreCapacityUnits"],
            },
          },
        }
      : {}),
    Tags: Object.entries(of("tags") as Record<string, string>).map(([Key, Value]) => ({ Key, Value })),
  };
  return { request, unread: Object.keys(cluster).filter((key) => !read.has(key)) };
}

function fleetRequest(type: string, fleet: Props): Props {
  const launch = fleet["launchSpecifications"] as Record<string, Props[] | undefined>;
  const [spot] = launch["spotSpecifications"] ?? [];
  return {
    Name: fleet["name"],
    InstanceFleetType: type,
    TargetOnDemandCapacity: fleet["targetOnDemandCapacity"],
    TargetSpotCapacity: fleet["targetSpotCapacity"],
    InstanceTypeConfigs: (fleet["instanceTypeConfigs"] as Props[]).map((config) => {
      const disks = (config["ebsConfigs"] as Props[] | undefined) ?? [];
      return {
        InstanceType: config["instanceType"],
        WeightedCapacity: config["weightedCapacity"],
        ...(disks.length > 0
          ? {
              EbsConfiguration: {
                EbsBlockDeviceConfigs: disks.map((disk) => ({
                  VolumeSpecification: { VolumeType: disk["type"], SizeInGB: disk["size"] },
                  VolumesPerInstance: disk["volumesPerInstance"],
                })),
              },
            }
          : {}),
      };
    }),
    LaunchSpecifications: {
      OnDemandSpecification: { AllocationStrategy: launch["onDemandSpecifications"]?.[0]?.["allocationStrategy"] },
      ...(spot
        ? {
            SpotSpecification: {
              AllocationStrategy: spot["allocationStrategy"],
              TimeoutDurationMinutes: spot["timeoutDurationMinutes"],
              TimeoutAction: spot["timeoutAction"],
            },
          }
        : {}),
    },
  };
}
