import { clusterRule } from "../cluster-rule";
import { fleetsOf } from "../models/fleets";
import { object, text, texts } from "../reading";

/** EMR keeps three primary nodes in one zone. */
const HIGHLY_AVAILABLE = 3;

const GROUPS = [
  ["EmrManagedMasterSecurityGroup", "primary", "emrManagedMasterSecurityGroup"],
  ["EmrManagedSlaveSecurityGroup", "core", "emrManagedSlaveSecurityGroup"],
  ["ServiceAccessSecurityGroup", "service-access", "serviceAccessSecurityGroup"],
] as const;

/** What is not given, EMR makes: groups with rules of its own choice, which nobody reviews. */
export const clusterGroups = clusterRule({
  name: "emr-cluster-security-groups",
  group: "placement",
  description: "A cluster has security groups of its own for primary, core and service access.",
  *check({ called, request }) {
    const instances = object(request.Instances);
    for (const [key, role, property] of GROUPS) {
      if (text(instances[key]) !== undefined) continue;
      const message = `${called} leaves its ${role} security group to EMR`;
      yield { message, value: instances[key], fix: `ec2Attributes: { …, ${property}: group.id }` };
    }
  },
});

export const clusterZones = clusterRule({
  name: "emr-cluster-zones",
  group: "resilience",
  description: "EMR may choose among zones: the one that has the capacity.",
  enforcement: "advisory",
  *check(cluster, subject, stack) {
    const { called, request } = cluster;
    const primaries = fleetsOf(cluster, subject, stack).filter(({ role }) => role === "MASTER");
    if (primaries.some(({ onDemand }) => onDemand === HIGHLY_AVAILABLE)) return;
    const instances = object(request.Instances);
    const subnets = [...texts(instances.Ec2SubnetIds), ...texts(instances.Ec2SubnetId)];
    if (subnets.length === 1) {
      const message = `${called} can start in one zone only`;
      yield { message, value: subnets, fix: "ec2Attributes: { subnetIds: vpc.isolatedSubnetIds, … }" };
    }
  },
});
