import { document, list, object, objects, text, texts } from "../reading";
import type { Props } from "../rule";

/** The properties of `aws.emr.Cluster` as the RunJobFlow request that the provider makes of them. */
export function runJobFlowOf(props: Props): Props {
  return lazily({
    Name: () => props.name,
    ReleaseLabel: () => props.releaseLabel,
    LogUri: () => props.logUri,
    LogEncryptionKmsKeyId: () => props.logEncryptionKmsKeyId,
    SecurityConfiguration: () => props.securityConfiguration,
    ServiceRole: () => props.serviceRole,
    JobFlowRole: () => object(props.ec2Attributes).instanceProfile,
    KerberosAttributes: () => props.kerberosAttributes,
    StepConcurrencyLevel: () => props.stepConcurrencyLevel,
    Configurations: () => configurations(props),
    AutoTerminationPolicy: () => given(props.autoTerminationPolicy, (policy) => ({ IdleTimeout: policy.idleTimeout })),
    Tags: () => Object.entries(object(props.tags)).map(([Key, Value]) => ({ Key, Value })),
    Instances: () => instances(props),
  });
}

function instances(props: Props): Props {
  const ec2 = object(props.ec2Attributes);
  return lazily({
    Ec2SubnetIds: () => (ec2.subnetIds === undefined ? texts(ec2.subnetId) : ec2.subnetIds),
    Ec2KeyName: () => ec2.keyName,
    EmrManagedMasterSecurityGroup: () => ec2.emrManagedMasterSecurityGroup,
    EmrManagedSlaveSecurityGroup: () => ec2.emrManagedSlaveSecurityGroup,
    ServiceAccessSecurityGroup: () => ec2.serviceAccessSecurityGroup,
    KeepJobFlowAliveWhenNoSteps: () => props.keepJobFlowAliveWhenNoSteps ?? true,
    TerminationProtected: () => props.terminationProtection,
    UnhealthyNodeReplacement: () => props.unhealthyNodeReplacement,
    InstanceFleets: () => [
      ...objects(props.masterInstanceFleet).map((fleet) => instanceFleet("MASTER", fleet)),
      ...objects(props.coreInstanceFleet).map((fleet) => instanceFleet("CORE", fleet)),
    ],
    InstanceGroups: () => [
      ...objects(props.masterInstanceGroup).map((group) => instanceGroup("MASTER", group)),
      ...objects(props.coreInstanceGroup).map((group) => instanceGroup("CORE", group)),
    ],
  });
}

/** Also the form of `aws.emr.InstanceFleet`, which adds a cluster's task fleet. */
export function instanceFleet(type: "MASTER" | "CORE" | "TASK", fleet: Props): Props {
  return lazily({
    InstanceFleetType: () => type,
    TargetOnDemandCapacity: () => fleet.targetOnDemandCapacity ?? 0,
    TargetSpotCapacity: () => fleet.targetSpotCapacity ?? 0,
    InstanceTypeConfigs: () => objects(fleet.instanceTypeConfigs).map(instanceType),
    LaunchSpecifications: () =>
      given(fleet.launchSpecifications, (launch) => ({
        SpotSpecification: given(launch.spotSpecifications, (spot) => ({
          AllocationStrategy: spot.allocationStrategy,
          TimeoutAction: spot.timeoutAction,
          TimeoutDurationMinutes: spot.timeoutDurationMinutes,
        })),
        OnDemandSpecification: given(launch.onDemandSpecifications, (onDemand) => ({
          AllocationStrategy: onDemand.allocationStrategy,
        })),
      })),
  });
}

function instanceType(config: Props): Props {
  return {
    InstanceType: config.instanceType,
    WeightedCapacity: config.weightedCapacity,
    BidPrice: config.bidPrice,
    BidPriceAsPercentageOfOnDemandPrice: config.bidPriceAsPercentageOfOnDemandPrice,
  };
}

function instanceGroup(role: "MASTER" | "CORE", group: Props): Props {
  const price = text(group.bidPrice);
  return {
    InstanceRole: role,
    InstanceType: group.instanceType,
    InstanceCount: group.instanceCount ?? 1,
    // A group with a price is a group of Spot instances: the provider says it in no other way.
    Market: price === undefined ? "ON_DEMAND" : "SPOT",
    BidPrice: price,
  };
}

function configurations(props: Props): readonly unknown[] {
  if (typeof props.configurationsJson === "string") {
    return list(object(document(`{"list":${props.configurationsJson}}`)).list);
  }
  return list(props.configurationsJson);
}

function given(value: unknown, make: (part: Props) => Props): Props | undefined {
  const [part] = objects(value);
  return part && make(part);
}

/** Reads a property of the request only when a rule asks for it: an unknown one must not hide the others. */
function lazily(readers: Readonly<Record<string, () => unknown>>): Props {
  const request = {};
  for (const [key, get] of Object.entries(readers)) Object.defineProperty(request, key, { get, enumerable: true });
  return request;
}
