import { object, objects } from "../reading";
import type { Props, Subject } from "../rule";
import { subject } from "./subjects";

export type Request = Record<string, unknown>;

/** A request that is right in everything, to be broken in one thing. */
export function request(changes: Request = {}, instances: Request = {}): Request {
  return {
    Name: "run",
    ReleaseLabel: "emr-7.13.0",
    LogUri: "s3://logs/emr/",
    LogEncryptionKmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/logs",
    SecurityConfiguration: "secure",
    ServiceRole: "arn:aws:iam::111122223333:role/service",
    JobFlowRole: "nodes",
    AutoTerminationPolicy: { IdleTimeout: 1200 },
    ManagedScalingPolicy: {
      ComputeLimits: {
        UnitType: "InstanceFleetUnits",
        MinimumCapacityUnits: 2,
        MaximumCapacityUnits: 12,
        MaximumCoreCapacityUnits: 2,
        MaximumOnDemandCapacityUnits: 2,
      },
    },
    Instances: {
      Ec2SubnetIds: ["subnet-1", "subnet-2"],
      EmrManagedMasterSecurityGroup: "sg-1",
      EmrManagedSlaveSecurityGroup: "sg-2",
      ServiceAccessSecurityGroup: "sg-3",
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: false,
      InstanceFleets: [fleet("MASTER", 1, 0), fleet("CORE", 2, 0), fleet("TASK", 0, 10)],
      ...instances,
    },
    ...changes,
  };
}

export function fleet(role: string, onDemand: number, spot: number, changes: Request = {}): Request {
  return {
    InstanceFleetType: role,
    TargetOnDemandCapacity: onDemand,
    TargetSpotCapacity: spot,
    InstanceTypeConfigs: Array.from({ length: 10 }, (_, index) => ({
      InstanceType: `m${index}.xlarge`,
      WeightedCapacity: 1,
    })),
    LaunchSpecifications: {
      SpotSpecification: {
        AllocationStrategy: "price-capacity-optimized",
        TimeoutAction: "SWITCH_TO_ON_DEMAND",
        TimeoutDurationMinutes: 15,
      },
      OnDemandSpecification: { AllocationStrategy: "lowest-price" },
    },
    ...changes,
  };
}

/** The cluster as a state of a state machine; `jobs` are the arguments of its steps. */
export function asState(
  cluster: Request,
  { name = "machine", jobs = [], props = {}, references = {} }: StateOptions = {},
): Subject {
  const steps = jobs.map((args, index) => [
    `Job ${index + 1}`,
    {
      Type: "Task",
      Resource: "arn:aws:states:::elasticmapreduce:addStep.sync",
      Parameters: { "ClusterId.$": "$.id", Step: { HadoopJarStep: { Jar: "command-runner.jar", Args: args } } },
    },
  ]);
  const create = { Type: "Task", Resource: "arn:aws:states:::aws-sdk:emr:runJobFlow", Parameters: cluster };
  const definition = JSON.stringify({
    StartAt: "Create",
    States: { Create: create, ...(Object.fromEntries(steps) as Request) },
  });
  return subject("aws:sfn/stateMachine:StateMachine", name, { name, definition, ...props }, references);
}

interface StateOptions {
  readonly name?: string;
  readonly jobs?: readonly (readonly string[])[];
  readonly props?: Request;
  readonly references?: Record<string, readonly string[]>;
}

/** The same cluster as resources: the cluster, and what belongs to it. */
export function asResources(cluster: Request, name = "cluster"): readonly Subject[] {
  const instances = object(cluster.Instances);
  const fleets = objects(instances.InstanceFleets);
  const of = (role: string): Props[] =>
    fleets.filter(({ InstanceFleetType }) => InstanceFleetType === role).map(fleetProps);
  const groups = objects(instances.InstanceGroups);
  const group = (role: string): Props[] =>
    groups
      .filter(({ InstanceRole }) => InstanceRole === role)
      .map((each) => ({ instanceType: each.InstanceType, instanceCount: each.InstanceCount, bidPrice: each.BidPrice }));
  const limits = object(object(cluster.ManagedScalingPolicy).ComputeLimits);
  const policy = cluster.AutoTerminationPolicy === undefined ? undefined : object(cluster.AutoTerminationPolicy);
  const reference = { clusterId: [name] };
  return [
    subject("aws:emr/cluster:Cluster", name, {
      id: `j-${name}`,
      name: cluster.Name,
      releaseLabel: cluster.ReleaseLabel,
      logUri: cluster.LogUri,
      logEncryptionKmsKeyId: cluster.LogEncryptionKmsKeyId,
      securityConfiguration: cluster.SecurityConfiguration,
      serviceRole: cluster.ServiceRole,
      configurationsJson: JSON.stringify(cluster.Configurations ?? []),
      autoTerminationPolicy: policy && { idleTimeout: policy.IdleTimeout },
      keepJobFlowAliveWhenNoSteps: instances.KeepJobFlowAliveWhenNoSteps,
      terminationProtection: instances.TerminationProtected,
      ec2Attributes: {
        subnetIds: instances.Ec2SubnetIds,
        keyName: instances.Ec2KeyName,
        instanceProfile: cluster.JobFlowRole,
        emrManagedMasterSecurityGroup: instances.EmrManagedMasterSecurityGroup,
        emrManagedSlaveSecurityGroup: instances.EmrManagedSlaveSecurityGroup,
        serviceAccessSecurityGroup: instances.ServiceAccessSecurityGroup,
      },
      masterInstanceFleet: of("MASTER")[0],
      coreInstanceFleet: of("CORE")[0],
      masterInstanceGroup: group("MASTER")[0],
      coreInstanceGroup: group("CORE")[0],
    }),
    ...of("TASK").map((props) =>
      subject("aws:emr/instanceFleet:InstanceFleet", `${name}-task`, { clusterId: `j-${name}`, ...props }, reference),
    ),
    ...group("TASK").map((props) =>
      subject("aws:emr/instanceGroup:InstanceGroup", `${name}-group`, { clusterId: `j-${name}`, ...props }, reference),
    ),
    ...(cluster.ManagedScalingPolicy === undefined ? [] : [scaling(name, limits, reference)]),
  ];
}

function scaling(name: string, limits: Props, reference: Record<string, string[]>): Subject {
  const computeLimits = {
    unitType: limits.UnitType,
    minimumCapacityUnits: limits.MinimumCapacityUnits,
    maximumCapacityUnits: limits.MaximumCapacityUnits,
    maximumCoreCapacityUnits: limits.MaximumCoreCapacityUnits,
    maximumOndemandCapacityUnits: limits.MaximumOnDemandCapacityUnits,
  };
  const type = "aws:emr/managedScalingPolicy:ManagedScalingPolicy";
  return subject(type, `${name}-scaling`, { clusterId: `j-${name}`, computeLimits: [computeLimits] }, reference);
}

function fleetProps(each: Props): Props {
  const launch = object(each.LaunchSpecifications);
  const spot = object(launch.SpotSpecification);
  return {
    targetOnDemandCapacity: each.TargetOnDemandCapacity,
    targetSpotCapacity: each.TargetSpotCapacity,
    instanceTypeConfigs: objects(each.InstanceTypeConfigs).map((config) => ({
      instanceType: config.InstanceType,
      weightedCapacity: config.WeightedCapacity,
      bidPrice: config.BidPrice,
    })),
    launchSpecifications: {
      spotSpecifications: [
        {
          allocationStrategy: spot.AllocationStrategy,
          timeoutAction: spot.TimeoutAction,
          timeoutDurationMinutes: spot.TimeoutDurationMinutes,
        },
      ],
    },
  };
}
