import { clusterRule } from "../cluster-rule";
import { CLUSTER_SOURCES, clustersOf, STATE_MACHINE_TYPE } from "../models/clusters";
import { configurationNamed, securityConfigurationOf } from "../models/security-configuration";
import { object, objects, text } from "../reading";
import type { Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

/** People reach a node through Session Manager: by their own identity, recorded, and without an open port. */
export const clusterSshKey = clusterRule({
  name: "emr-cluster-ssh-key",
  group: "access",
  description: "Nobody has a key to a cluster's nodes: people come through Session Manager.",
  *check({ called, request }) {
    const key = object(request.Instances).Ec2KeyName;
    if (key !== undefined) {
      yield {
        message: `whoever holds a key pair gets into the nodes of ${called}`,
        value: key,
        fix: "keyName: undefined",
      };
    }
  },
});

/**
 * Whoever runs a step on a cluster has its instance profile's rights. So either each step brings a role of its own, or
 * clusters that do different work have different profiles.
 */
export const clusterIsolation: Rule = {
  name: "emr-job-isolation",
  group: "access",
  description: "Steps have runtime roles, or no two pipelines share an instance profile.",
  enforcement: "mandatory",
  types: CLUSTER_SOURCES,
  scope: "stack",
  *check(subject, stack) {
    for (const { called, request } of clustersOf(subject)) {
      const profile = text(request.JobFlowRole);
      if (profile === undefined) {
        const message = `${called} has no instance profile of its own`;
        yield { message, value: request.JobFlowRole, fix: "ec2Attributes: { …, instanceProfile: profile.arn }" };
        continue;
      }
      const others = usersOf(profile, stack).filter((other) => other.urn !== subject.urn && !actAsOne(subject, other));
      if (others.length > 0 && !hasRuntimeRoles(text(request.SecurityConfiguration), stack)) {
        const message = `${called} shares its instance profile with ${others.map(({ name }) => name).join(", ")}`;
        yield { message, value: profile, fix: "ec2Attributes: { …, instanceProfile: ownProfile.arn }" };
      }
    }
  },
};

/** State machines under one role may pass the same profile whatever they say: what they do is one pipeline's work. */
function actAsOne(one: Subject, other: Subject): boolean {
  if (one.type !== STATE_MACHINE_TYPE || other.type !== STATE_MACHINE_TYPE) return false;
  const role = text(one.props.roleArn);
  return role !== undefined && role === text(other.props.roleArn);
}

function hasRuntimeRoles(name: string | undefined, stack: StackView): boolean {
  const configuration = name === undefined ? undefined : configurationNamed(name, stack);
  return (
    configuration !== undefined &&
    securityConfigurationOf(configuration).authorization.EnableApplicationScopedIAMRole === true
  );
}

const users = new WeakMap<StackView, ReadonlyMap<string, readonly Subject[]>>();

function usersOf(profile: string, stack: StackView): readonly Subject[] {
  const index = users.get(stack) ?? indexUsers(stack);
  users.set(stack, index);
  return index.get(profile) ?? [];
}

function indexUsers(stack: StackView): ReadonlyMap<string, readonly Subject[]> {
  const index = new Map<string, Subject[]>();
  for (const subject of stack.ofTypes(...CLUSTER_SOURCES)) {
    const profiles = ifKnown(() => clustersOf(subject).flatMap(({ request }) => text(request.JobFlowRole) ?? [])) ?? [];
    for (const profile of new Set(profiles)) index.set(profile, [...(index.get(profile) ?? []), subject]);
  }
  return index;
}

export const clusterPublicAccess: Rule = {
  name: "emr-block-public-access",
  group: "access",
  description: "EMR refuses clusters whose security groups are open to the world, on every port.",
  enforcement: "mandatory",
  types: ["aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration"],
  scope: "resource",
  *check({ props }) {
    const { blockPublicSecurityGroupRules: blocks } = props;
    const fix = "blockPublicSecurityGroupRules: true, permittedPublicSecurityGroupRuleRanges: []";
    if (blocks !== true) yield { message: "EMR accepts clusters that are open to the world", value: blocks, fix };
    const ranges = objects(props.permittedPublicSecurityGroupRuleRanges);
    if (ranges.length > 0) yield { message: "some ports of a cluster may be open to the world", value: ranges, fix };
  },
};
