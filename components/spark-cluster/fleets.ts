import { EBS_GB_PER_UNIT, parseInstance } from "../../capacity/instances";
import type { CadenceSize, FleetSize } from "../../capacity/index";

/** EMR's own shape of a fleet. */
export interface InstanceFleetConfig {
  readonly Name: string;
  readonly InstanceFleetType: "MASTER" | "CORE" | "TASK";
  readonly TargetOnDemandCapacity: number;
  readonly TargetSpotCapacity: number;
  readonly InstanceTypeConfigs: readonly InstanceTypeConfig[];
  readonly LaunchSpecifications: {
    readonly OnDemandSpecification: { readonly AllocationStrategy: "lowest-price" };
    readonly SpotSpecification?: {
      readonly AllocationStrategy: "price-capacity-optimized";
      readonly TimeoutDurationMinutes: number;
      readonly TimeoutAction: "SWITCH_TO_ON_DEMAND";
    };
  };
}

/** A node without disks of its own gets EBS for shuffle files: one volume, as more would never cease to be a difference. */
export interface InstanceTypeConfig {
  readonly InstanceType: string;
  readonly WeightedCapacity: number;
  readonly EbsConfiguration?: {
    readonly EbsBlockDeviceConfigs: readonly {
      readonly VolumeSpecification: { readonly VolumeType: "gp3"; readonly SizeInGB: number };
      readonly VolumesPerInstance: 1;
    }[];
  };
}

/** The shortest that EMR allows: what Spot does not give at once, on-demand gives, and the deadline holds. */
const SPOT_TIMEOUT_MINUTES = 5;

/** The three fleets of a cluster. More than five types need an allocation strategy, and then on all three. */
export function instanceFleets({
  primary,
  core,
  task,
}: Pick<CadenceSize, "primary" | "core" | "task">): InstanceFleetConfig[] {
  return [
    fleet("primary", "MASTER", primary),
    fleet("core", "CORE", core),
    ...(task ? [fleet("task", "TASK", task)] : []),
  ];
}

function fleet(name: string, type: InstanceFleetConfig["InstanceFleetType"], size: FleetSize): InstanceFleetConfig {
  return {
    Name: name,
    InstanceFleetType: type,
    TargetOnDemandCapacity: size.onDemandUnits,
    TargetSpotCapacity: size.spotUnits,
    InstanceTypeConfigs: size.types.map((each) => instanceType(each.type, each.weight)),
    LaunchSpecifications: {
      OnDemandSpecification: { AllocationStrategy: "lowest-price" },
      ...(size.spotUnits > 0
        ? {
            SpotSpecification: {
              AllocationStrategy: "price-capacity-optimized",
              TimeoutDurationMinutes: SPOT_TIMEOUT_MINUTES,
              TimeoutAction: "SWITCH_TO_ON_DEMAND",
            },
          }
        : {}),
    },
  };
}

function instanceType(type: string, weight: number): InstanceTypeConfig {
  const instance = parseInstance(type);
  if (!instance || instance.nvme) return { InstanceType: type, WeightedCapacity: weight };
  return {
    InstanceType: type,
    WeightedCapacity: weight,
    EbsConfiguration: {
      EbsBlockDeviceConfigs: [
        { VolumeSpecification: { VolumeType: "gp3", SizeInGB: EBS_GB_PER_UNIT * weight }, VolumesPerInstance: 1 },
      ],
    },
  };
}
