import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { EMR_MANAGED_TAG } from "./emr-tag";
import { GROUP_DESCRIPTIONS, type GroupRole, type Peer, type SecurityRule } from "./security-rules";

export type SecurityGroups = Readonly<Record<GroupRole, ec2.SecurityGroup>>;

/** The groups without a rule. Rules stand alone: EMR adds its own, and inline rules would remove those in every run. */
export function declareGroups(
  name: string,
  { environment, vpcId }: { environment: Environment; vpcId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): SecurityGroups {
  const group = (role: GroupRole, label: string): ec2.SecurityGroup =>
    new ec2.SecurityGroup(
      `${name}-${label}`,
      {
        name: environment.names.inAccount(label, 255),
        description: GROUP_DESCRIPTIONS[role],
        vpcId,
        // EMR's groups refer to each other, also by rules that EMR added: without this none could be deleted.
        revokeRulesOnDelete: true,
        tags: EMR_MANAGED_TAG,
      },
      opts,
    );
  return {
    primary: group("primary", "emr-primary"),
    core: group("core", "emr-core"),
    serviceAccess: group("serviceAccess", "emr-service-access"),
    endpoints: group("endpoints", "endpoints"),
  };
}

export function declareRules(
  name: string,
  rules: readonly SecurityRule[],
  groups: SecurityGroups,
  prefixLists: Readonly<Record<"s3" | "dynamodb", pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const otherEnd = (peer: Peer) => {
    if ("group" in peer) return { referencedSecurityGroupId: groups[peer.group].id };
    if ("prefixList" in peer) return { prefixListId: prefixLists[peer.prefixList] };
    return { cidrIpv4: peer.cidr };
  };
  for (const { id, group, direction, peer, protocol, ports, description } of rules) {
    const Rule = direction === "ingress" ? vpc.SecurityGroupIngressRule : vpc.SecurityGroupEgressRule;
    new Rule(
      `${name}-${id}`,
      {
        securityGroupId: groups[group].id,
        ipProtocol: protocol,
        ...(ports === undefined ? {} : { fromPort: ports[0], toPort: ports[1] }),
        ...otherEnd(peer),
        description,
      },
      opts,
    );
  }
}
