import { MalformedValue } from "../malformed";
import { list, number, object, objects, text } from "../reading";
import type { Props, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { instanceFleet } from "./emr-cluster-form";
import { CLUSTER_TYPE, type DeclaredCluster } from "./clusters";

export type FleetRole = "MASTER" | "CORE" | "TASK";
export const CALLED: Readonly<Record<FleetRole, string>> = { MASTER: "primary", CORE: "core", TASK: "task" };

/** A fleet or group of a cluster, in one form. */
export interface Fleet {
  readonly role: FleetRole;
  readonly onDemand: number;
  readonly spot: number;
  readonly types: readonly Props[];
  readonly spotSpecification: Props;
  readonly onDemandSpecification: Props;
  /** Groups have one type, a count and a market; they neither choose among types nor fall back. */
  readonly isGroup: boolean;
}

const FLEET_TYPE = "aws:emr/instanceFleet:InstanceFleet";
const GROUP_TYPE = "aws:emr/instanceGroup:InstanceGroup";
const SCALING_TYPE = "aws:emr/managedScalingPolicy:ManagedScalingPolicy";

/** Every fleet of a cluster, those that are resources of their own among them. */
export function fleetsOf({ request }: DeclaredCluster, subject: Subject, stack: StackView): readonly Fleet[] {
  const instances = object(request.Instances);
  return [
    ...objects(instances.InstanceFleets).map(fleetOf),
    ...objects(instances.InstanceGroups).map(groupOf),
    ...referring(FLEET_TYPE, subject, stack).map(({ props }) => fleetOf(instanceFleet("TASK", props))),
    ...referring(GROUP_TYPE, subject, stack).map(({ props }) => addedGroup(props)),
  ];
}

/** The limits of a cluster's managed scaling, as EMR's ComputeLimits; undefined where there are none. */
export function scalingOf({ request }: DeclaredCluster, subject: Subject, stack: StackView): Props | undefined {
  const [inline] = objects(object(request.ManagedScalingPolicy).ComputeLimits);
  if (inline) return inline;
  const [limits] = referring(SCALING_TYPE, subject, stack).flatMap(({ props }) => objects(props.computeLimits));
  return (
    limits && {
      UnitType: limits.unitType,
      MinimumCapacityUnits: limits.minimumCapacityUnits,
      MaximumCapacityUnits: limits.maximumCapacityUnits,
      MaximumCoreCapacityUnits: limits.maximumCoreCapacityUnits,
      MaximumOnDemandCapacityUnits: limits.maximumOndemandCapacityUnits,
    }
  );
}

function referring(type: string, subject: Subject, stack: StackView): readonly Subject[] {
  return subject.type === CLUSTER_TYPE ? stack.referring([type], "clusterId", subject) : [];
}

function fleetOf(fleet: Props): Fleet {
  const launch = object(fleet.LaunchSpecifications);
  return {
    role: roleOf(fleet.InstanceFleetType),
    onDemand: number(fleet.TargetOnDemandCapacity) ?? 0,
    spot: number(fleet.TargetSpotCapacity) ?? 0,
    types: list(fleet.InstanceTypeConfigs).map(object),
    spotSpecification: object(launch.SpotSpecification),
    onDemandSpecification: object(launch.OnDemandSpecification),
    isGroup: false,
  };
}

function groupOf(group: Props): Fleet {
  const count = number(group.InstanceCount) ?? 0;
  const isSpot = group.Market === "SPOT";
  return {
    role: roleOf(group.InstanceRole),
    onDemand: isSpot ? 0 : count,
    spot: isSpot ? count : 0,
    types: [group],
    spotSpecification: {},
    onDemandSpecification: {},
    isGroup: true,
  };
}

function addedGroup(props: Props): Fleet {
  const market = text(props.bidPrice) === undefined ? "ON_DEMAND" : "SPOT";
  return groupOf({
    InstanceRole: "TASK",
    InstanceCount: props.instanceCount ?? 1,
    Market: market,
    BidPrice: props.bidPrice,
    InstanceType: props.instanceType,
  });
}

function roleOf(value: unknown): FleetRole {
  if (value === "MASTER" || value === "CORE" || value === "TASK") return value;
  const message = `a fleet's role is MASTER, CORE or TASK, and this is ${JSON.stringify(value)}`;
  throw new MalformedValue(message, 'InstanceFleetType: "TASK"');
}
