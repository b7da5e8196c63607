import { isInternet } from "../models/ranges";
import { objects, text, texts } from "../reading";
import type { Enforcements, Finding, Props, Rule } from "../rule";

const INGRESS = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"];
const EGRESS = ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"];
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

type Direction = "ingress" | "egress";

/** The rules of a direction that a resource holds: as a resource of its own, inside a group, or in the older form. */
function rulesOf(type: string, props: Props, direction: Direction): readonly Props[] {
  if (type === GROUP) return objects(props[direction]);
  if (type === OLD_RULE) return props.type === direction ? [props] : [];
  return [props];
}

function openTo(rule: Props): readonly string[] {
  const ranges = [rule.cidrIpv4, rule.cidrIpv6, rule.cidrBlocks, rule.ipv6CidrBlocks].flatMap(texts);
  return ranges.filter(isInternet);
}

function openRule(
  rule: Pick<Rule, "name" | "description">,
  direction: Direction,
  enforcement: Enforcements,
  message: string,
): Rule {
  return {
    ...rule,
    group: "placement",
    enforcement,
    types: [...(direction === "ingress" ? INGRESS : EGRESS), GROUP, OLD_RULE],
    scope: "resource",
    *check({ type, props }): Iterable<Finding> {
      for (const each of rulesOf(type, props, direction)) {
        const open = openTo(each);
        if (open.length > 0) yield { message, value: open, fix: "referencedSecurityGroupId: other.id" };
      }
    },
  };
}

export const openIngress = openRule(
  { name: "security-group-ingress", description: "No security group is open to the world." },
  "ingress",
  "mandatory",
  "the security group lets in the whole internet",
);

export const openEgress = openRule(
  { name: "security-group-egress", description: "No security group lets its members reach the whole internet." },
  "egress",
  { dev: "advisory", prod: "mandatory" },
  "members of the security group may send anything anywhere",
);

/** What Pulumi says of a group that has no description. */
const PULUMI_DEFAULT = "Managed by Pulumi";

export const groupDescriptions: Rule = {
  name: "security-group-description",
  group: "placement",
  description: "Security groups and their rules say what they are for.",
  enforcement: "mandatory",
  types: [GROUP, OLD_RULE, ...INGRESS, ...EGRESS],
  scope: "resource",
  *check({ type, props }) {
    const inline = type === GROUP ? [...objects(props.ingress), ...objects(props.egress)] : [];
    const silent = [props, ...inline].filter(({ description }) => {
      const said = text(description);
      return said === undefined || said === PULUMI_DEFAULT;
    });
    if (silent.length > 0) {
      const message = "nobody can tell whether the group or rule is still needed";
      yield { message, value: silent[0]?.description, fix: 'description: "What it is for"' };
    }
  },
};
