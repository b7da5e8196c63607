import { networkRule } from "../models/networks";
import { isInternet } from "../models/ranges";
import { isTrue, propertyRule } from "../property-rule";
import { list, number, object, objects, text } from "../reading";
import type { Props, Rule } from "../rule";

export const flowLogs = networkRule({
  name: "vpc-flow-logs",
  group: "placement",
  description: "A VPC logs all its flows.",
  *check(vpc, stack) {
    const logs = stack.referring(["aws:ec2/flowLog:FlowLog"], "vpcId", vpc);
    const fix = 'new ec2.FlowLog("x", { vpcId: vpc.vpcId, trafficType: "ALL", logDestination: bucket.arn, … });';
    if (logs.length === 0) {
      yield { message: "nobody can say later who spoke with the VPC's nodes", fix };
    } else if (!logs.some(({ props }) => props.trafficType === "ALL")) {
      yield { message: "the VPC logs only some of its flows", value: logs[0]?.props.trafficType, fix };
    }
  },
});

export const defaultGroup = networkRule({
  name: "vpc-default-security-group",
  group: "placement",
  description: "A VPC's default security group is empty: what is left to it reaches nothing.",
  *check(vpc, stack) {
    const groups = stack.referring(["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"], "vpcId", vpc);
    const fix = 'new ec2.DefaultSecurityGroup("x", { vpcId: vpc.vpcId, ingress: [], egress: [] });';
    if (groups.length === 0)
      yield { message: "the VPC's default security group lets its members speak with each other", fix };
    for (const { props } of groups) {
      const rules = [...list(props.ingress), ...list(props.egress)];
      if (rules.length > 0) yield { message: "the VPC's default security group has rules", value: rules, fix };
    }
  },
});

export const defaultVpc: Rule = {
  name: "vpc-no-default",
  group: "placement",
  description: "Nothing lives in the account's default VPC, whose subnets are public.",
  enforcement: "mandatory",
  types: ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet"],
  scope: "resource",
  *check() {
    yield { message: "the default VPC is in use, and its subnets are public", fix: "new awsx.ec2.Vpc(…)" };
  },
};

export const subnetAddresses = propertyRule({
  name: "subnet-public-ip",
  group: "placement",
  description: "No subnet hands out addresses of the internet.",
  enforcement: "mandatory",
  types: ["aws:ec2/subnet:Subnet"],
  value: (props) => props.mapPublicIpOnLaunch,
  holds: (value) => value === undefined || value === false,
  message: "whatever starts in the subnet gets an address of the internet",
  fix: "mapPublicIpOnLaunch: false",
});

const OPEN_RULE = (rule: Props): boolean => {
  const sources = [rule.cidrBlock, rule.ipv6CidrBlock];
  return (rule.action ?? rule.ruleAction) === "allow" && sources.some(isInternet);
};

export const networkAcl: Rule = {
  name: "vpc-network-acl",
  group: "placement",
  description: "No network ACL lets in the world.",
  enforcement: "mandatory",
  types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
  scope: "resource",
  *check({ type, props }) {
    const rules = type.endsWith("Rule") ? [props].filter(({ egress }) => egress !== true) : objects(props.ingress);
    const open = rules.filter(OPEN_RULE);
    if (open.length > 0) {
      const value = open.map((rule) => rule.ruleNo ?? rule.ruleNumber ?? null);
      yield { message: "the network ACL lets in the whole internet", value, fix: 'cidrBlock: "10.0.0.0/8"' };
    }
  },
};

export const internetRoute: Rule = {
  name: "vpc-internet-route",
  group: "placement",
  description: "No route leads from a data network to an internet gateway.",
  enforcement: "advisory",
  types: ["aws:ec2/route:Route", "aws:ec2/routeTable:RouteTable"],
  scope: "resource",
  *check({ type, props }) {
    const routes = type.endsWith("Table") ? objects(props.routes) : [props];
    for (const route of routes) {
      const to = route.destinationCidrBlock ?? route.cidrBlock ?? route.ipv6CidrBlock;
      if (isInternet(to) && text(route.gatewayId)?.startsWith("igw-") === true) {
        yield {
          message: "a route leads to the internet, and back",
          value: to,
          fix: "new ec2.VpcEndpoint(…); // instead of the route",
        };
      }
    }
  },
};

export const instanceAddress: Rule = {
  name: "ec2-public-ip",
  group: "placement",
  description: "No instance and no template asks for an address of the internet.",
  enforcement: "mandatory",
  types: ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  scope: "resource",
  *check({ props }) {
    const values = [
      props.associatePublicIpAddress,
      ...objects(props.networkInterfaces).map((each) => each.associatePublicIpAddress),
    ];
    const given = values.filter((value) => value === true || value === "true");
    if (given.length > 0) {
      yield { message: "it gets an address of the internet", value: given[0], fix: "associatePublicIpAddress: false" };
    }
  },
};

export const instanceMetadata = propertyRule({
  name: "ec2-instance-metadata",
  group: "access",
  description: "Instances hand out credentials by version 2 of the metadata service only, and only on the instance.",
  enforcement: "mandatory",
  types: ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  value: (props) => props.metadataOptions,
  holds: (value) => {
    const { httpTokens, httpPutResponseHopLimit: hops } = object(objects(value)[0]);
    return httpTokens === "required" && (hops === undefined || number(hops) === 1);
  },
  message: "version 1 of the metadata service is allowed, or answers beyond the instance",
  fix: 'metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }',
});

export const migrationAddress = propertyRule({
  name: "dms-instance-public-ip",
  group: "placement",
  description: "A replication instance has no address of the internet.",
  enforcement: "mandatory",
  types: ["aws:dms/replicationInstance:ReplicationInstance"],
  // DMS gives one unless it is told not to.
  value: (props) => props.publiclyAccessible,
  holds: (value) => value === false,
  message: "the replication instance has an address of the internet",
  fix: "publiclyAccessible: false",
});

export const migrationSubnets = propertyRule({
  name: "dms-instance-subnets",
  group: "placement",
  description: "A replication runs in subnets that are named, not in the default VPC.",
  enforcement: "mandatory",
  types: ["aws:dms/replicationInstance:ReplicationInstance", "aws:dms/replicationConfig:ReplicationConfig"],
  value: (props) => props.replicationSubnetGroupId ?? object(props.computeConfig).replicationSubnetGroupId,
  holds: (value) => text(value) !== undefined,
  message: "the replication runs in the default VPC, which is public",
  fix: "replicationSubnetGroupId: group.id",
});

export const endpointPrivateNames = propertyRule({
  name: "vpc-endpoint-private-dns",
  group: "placement",
  description: "An interface endpoint answers under the service's own name.",
  enforcement: "mandatory",
  types: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
  applies: (props) => props.vpcEndpointType === "Interface",
  value: (props) => props.privateDnsEnabled,
  holds: isTrue,
  message: "clients look past the endpoint, and find no way out",
  fix: "privateDnsEnabled: true",
});
