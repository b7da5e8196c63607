import { subjectOf } from "../../cli/plan/policies";
import type { RecordedResource } from "../../cli/plan/record";
import { UNKNOWN } from "../../policies/unknown";
import { asResources } from "../../policies/testing/cluster-forms";
import { put, type Kind, type Mutation } from "./break";

/** A part of RunJobFlow, and the rule that must tell when it is broken. */
interface ClusterTarget {
  readonly rule: string;
  readonly at: string;
  readonly wrong?: readonly unknown[];
  readonly without?: readonly Kind[];
}

const FLEET = (role: string): string => `Instances.InstanceFleets{InstanceFleetType=${role}}`;
const SPOT = `${FLEET("TASK")}.LaunchSpecifications.SpotSpecification`;
const SPARK = "Configurations{Classification=spark-defaults}.Properties";

const CLUSTER_TARGETS: readonly ClusterTarget[] = [
  { rule: "emr-cluster-placement", at: "Instances.Ec2SubnetIds", wrong: [[], "none"] },
  { rule: "emr-cluster-security-configuration", at: "SecurityConfiguration", wrong: ["", { Name: "x" }] },
  { rule: "emr-cluster-log-encryption", at: "LogEncryptionKmsKeyId", wrong: ["", "alias/aws/s3"] },
  { rule: "emr-cluster-lake-key", at: "SecurityConfiguration", wrong: ["another"], without: ["removed"] },
  { rule: "emr-cluster-logging", at: "LogUri", wrong: ["logs/", { bucket: "logs" }] },
  { rule: "emr-cluster-security-groups", at: "Instances.EmrManagedMasterSecurityGroup", wrong: ["", ["sg-1"]] },
  { rule: "emr-cluster-security-groups", at: "Instances.EmrManagedSlaveSecurityGroup", wrong: [""] },
  { rule: "emr-cluster-security-groups", at: "Instances.ServiceAccessSecurityGroup", wrong: [""] },
  { rule: "emr-cluster-termination", at: "AutoTerminationPolicy", wrong: [{}, { IdleTimeout: 10 }] },
  { rule: "emr-cluster-zones", at: "Instances.Ec2SubnetIds", wrong: [["subnet-1"]], without: ["removed"] },
  { rule: "emr-job-isolation", at: "JobFlowRole", wrong: ["", "basin-prod-emr-nodes-airports"] },
  { rule: "emr-primary-on-demand", at: FLEET("MASTER"), without: ["unknown"] },
  { rule: "emr-primary-on-demand", at: `${FLEET("MASTER")}.TargetSpotCapacity`, wrong: [1, "1"], without: ["removed"] },
  { rule: "emr-primary-on-demand", at: `${FLEET("MASTER")}.TargetOnDemandCapacity`, wrong: [0] },
  { rule: "emr-core-on-demand", at: FLEET("CORE"), without: ["unknown"] },
  { rule: "emr-core-on-demand", at: `${FLEET("CORE")}.TargetSpotCapacity`, wrong: [4], without: ["removed"] },
  { rule: "emr-core-on-demand", at: `${FLEET("CORE")}.TargetOnDemandCapacity`, wrong: [0, "eight"] },
  { rule: "emr-spot-fleet", at: `${SPOT}.AllocationStrategy`, wrong: ["lowest-price"] },
  { rule: "emr-spot-fleet", at: `${SPOT}.TimeoutAction`, wrong: ["TERMINATE_CLUSTER"] },
  { rule: "emr-spot-fleet", at: `${FLEET("TASK")}.InstanceTypeConfigs`, wrong: [[{ InstanceType: "m5.xlarge" }]] },
  { rule: "emr-managed-scaling", at: "ManagedScalingPolicy", without: ["unknown"] },
  { rule: "emr-managed-scaling", at: "ManagedScalingPolicy.ComputeLimits.MaximumCoreCapacityUnits", wrong: [1_000] },
  { rule: "emr-managed-scaling", at: "ManagedScalingPolicy.ComputeLimits.MaximumOnDemandCapacityUnits", wrong: [0] },
  {
    rule: "delta-log-store",
    at: `${SPARK}."spark.delta.logStore.s3.impl"`,
    wrong: ["S3SingleDriverLogStore"],
    without: ["unknown"],
  },
  { rule: "delta-log-store", at: `${SPARK}."spark.delta.logStore.s3a.impl"`, wrong: [""], without: ["unknown"] },
];

type Request = Record<string, unknown>;

/** Each target broken in both forms: the state of the state machine, and the cluster as a resource in its place. */
export function clusterMutations(plan: readonly RecordedResource[]): readonly Mutation[] {
  const machine = plan.find(
    ({ type, name }) => type === "aws:sfn/stateMachine:StateMachine" && /pipeline-flights/.test(name),
  );
  if (!machine) throw new Error("the plan has no state machine that makes clusters");
  const definition = JSON.parse(machine.inputs.definition as string) as { States: Record<string, Request> };
  const [state = ""] = Object.keys(definition.States).filter((name) =>
    (definition.States[name]?.Resource as string | undefined)?.endsWith(":runJobFlow"),
  );
  const others = plan.filter((resource) => resource !== machine).map(subjectOf);

  const asState = (change: (request: Request) => void): Mutation["stack"] => {
    const changed = structuredClone(definition);
    change(changed.States[state]?.Parameters as Request);
    return [...others, subjectOf({ ...machine, inputs: { ...machine.inputs, definition: JSON.stringify(changed) } })];
  };
  const asResource = (change: (request: Request) => void): Mutation["stack"] => {
    const request = structuredClone(definition.States[state]?.Parameters) as Request;
    change(request);
    return [...others, ...asResources(request)];
  };
  return CLUSTER_TARGETS.flatMap((target) => [
    ...variants(target, `${machine.name}, as a state`, asState, "{% $states.input.value %}"),
    ...variants(target, `${machine.name}, as a resource`, asResource, UNKNOWN),
  ]);
}

function variants(
  { rule, at, wrong = [], without = [] }: ClusterTarget,
  resource: string,
  make: (change: (request: Request) => void) => Mutation["stack"],
  unknown: unknown,
): readonly Mutation[] {
  const mutation = (kind: Kind, shown: string, value: unknown): Mutation => {
    const stack = make((request) => put(request, at, value));
    return { rule, resource, at, kind, shown, stack };
  };
  const all = [
    mutation("removed", "", undefined),
    ...wrong.map((value) => mutation("wrong", JSON.stringify(value), value)),
    ...(without.includes("unknown") ? [] : [mutation("unknown", "", unknown)]),
  ];
  return all.filter(({ kind }) => !without.includes(kind));
}
