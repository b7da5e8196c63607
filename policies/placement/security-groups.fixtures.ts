import { shapes, together, type Fixtures } from "../testing/fixtures";
import { groupDescriptions, openEgress, openIngress } from "./security-groups";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const OLD = "aws:ec2/securityGroupRule:SecurityGroupRule";
const IN = "the security group lets in the whole internet";
const OUT = "members of the security group may send anything anywhere";

export const fixtures: readonly Fixtures[] = [
  together(
    shapes(openIngress, IN, {
      passing: {
        "a group": { referencedSecurityGroupId: "sg-1" },
        "a network": { cidrIpv4: "10.0.0.0/8", cidrIpv6: "fc00::/7" },
      },
      failing: {
        everybody: { cidrIpv4: "0.0.0.0/0" },
        "everybody by IPv6": { cidrIpv6: "0:0:0:0:0:0:0:0/0" },
        "one half of everybody": { cidrIpv4: "128.0.0.0/1" },
      },
    }),
    shapes(openIngress, IN, {
      type: GROUP,
      passing: { "out only": { egress: [{ cidrBlocks: ["0.0.0.0/0"] }] } },
      failing: { "inside a group": { ingress: [{ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }] } },
    }),
    shapes(openIngress, IN, {
      type: OLD,
      passing: { "an older rule out": { type: "egress", cidrBlocks: ["0.0.0.0/0"] } },
      failing: { "an older rule in": { type: "ingress", ipv6CidrBlocks: ["::/0"] } },
    }),
  ),
  together(
    shapes(openEgress, OUT, {
      passing: { "a prefix list": { prefixListId: "pl-1" } },
      failing: { everywhere: { cidrIpv4: "0.0.0.0/0" } },
    }),
    shapes(openEgress, OUT, {
      type: GROUP,
      passing: { "in only": { ingress: [{ cidrBlocks: ["0.0.0.0/0"] }] } },
      failing: { "inside a group": { egress: [{ ipv6CidrBlocks: ["::/0"] }] } },
    }),
  ),
  shapes(groupDescriptions, "nobody can tell whether the group or rule is still needed", {
    type: GROUP,
    passing: { said: { description: "Core nodes" } },
    failing: {
      nothing: {},
      "Pulumi's word": { description: "Managed by Pulumi" },
      "a silent rule": { description: "Core nodes", ingress: [{ fromPort: 1 }] },
    },
  }),
];
