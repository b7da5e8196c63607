import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { EMR_MANAGED_TAG } from "./emr-tag";
import { GROUP_DESCRIPTIONS, type GroupRole, type Peer, type SecurityRule } from "./security-rules";

/** That of migrations is there only where a source database is declared. */
type OfEvery<T> = Readonly<Record<Exclude<GroupRole, "migration">, T> & Partial<Record<"migration", T>>>;
export type SecurityGroups = OfEvery<ec2.SecurityGroup>;
export type SecurityGroupIds = OfEvery<pulumi.Output<string>>;

/** The groups without a rule. Rules stand alone: EMR adds its own, and inline rules would remove those in every run. */
export function declareGroups(
  name: string,
  { environment, vpcId }: { environment: Environment; vpcId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): SecurityGroups {
  const group = (role: GroupRole, label: string, tags?: typeof EMR_MANAGED_TAG): ec2.SecurityGroup =>
    new ec2.SecurityGroup(
      `${name}-${label}`,
      {
        name: environment.names.inAccount(label, 255),
        description: GROUP_DESCRIPTIONS[role],
        vpcId,
        // EMR's groups refer to each other, also by rules that EMR added: without this none could be deleted.
        revokeRulesOnDelete: true,
        tags,
      },
      opts,
    );
  const reachesSources = Object.keys(environment.settings.connections).length > 0;
  return {
    // The tag lets EMR change a group's rules, so no other group has it.
    primary: group("primary", "emr-primary", EMR_MANAGED_TAG),
    core: group("core", "emr-core", EMR_MANAGED_TAG),
    serviceAccess: group("serviceAccess", "emr-service-access", EMR_MANAGED_TAG),
    endpoints: group("endpoints", "endpoints"),
    ...(reachesSources ? { migration: group("migration", "migration") } : {}),
  };
}

export function declareRules(
  name: string,
  rules: readonly SecurityRule[],
  groups: SecurityGroups,
  prefixLists: Readonly<Record<"s3" | "dynamodb", pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const idOf = (role: GroupRole): pulumi.Output<string> => {
    const group = groups[role];
    if (group === undefined) throw new Error(`a rule names the group ${role}, which is not declared`);
    return group.id;
  };
  const otherEnd = (peer: Peer) => {
    if ("group" in peer) return { referencedSecurityGroupId: idOf(peer.group) };
    if ("prefixList" in peer) return { prefixListId: prefixLists[peer.prefixList] };
    return { cidrIpv4: peer.cidr };
  };
  for (const { id, group, direction, peer, protocol, ports, description } of rules) {
    const Rule = direction === "ingress" ? vpc.SecurityGroupIngressRule : vpc.SecurityGroupEgressRule;
    new Rule(
      `${name}-${id}`,
      {
        securityGroupId: idOf(group),
        ipProtocol: protocol,
        ...(ports === undefined ? {} : { fromPort: ports[0], toPort: ports[1] }),
        ...otherEnd(peer),
        description,
      },
      opts,
    );
  }
}
