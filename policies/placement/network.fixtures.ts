import type { Subject } from "../rule";
import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { asEngineShows } from "../testing/networks";
import { subject } from "../testing/subjects";
import { UNKNOWN } from "../unknown";
import * as rules from "./network";

const vpc = subject("awsx:ec2:Vpc", "it", { vpcId: "vpc-1" });
const { component, real } = asEngineShows({ id: "vpc-1" });
const log = (trafficType: string, vpcId = "vpc-1"): Subject =>
  subject("aws:ec2/flowLog:FlowLog", "log", { vpcId, trafficType });
const group = (props: Record<string, unknown>): Subject =>
  subject("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "group", { vpcId: "vpc-1", ...props });
const acl = "aws:ec2/networkAcl:NetworkAcl";

export const fixtures: readonly Fixtures[] = [
  together(
    stacks(rules.flowLogs, "nobody can say later who spoke with the VPC's nodes", {
      passing: {
        "all flows": [vpc, log("ALL")],
        "what the engine shows of awsx": [component, real, log("ALL")],
        "an id that is not known yet": [
          asEngineShows({ id: UNKNOWN }).component,
          asEngineShows({ id: UNKNOWN }).real,
          subject("aws:ec2/flowLog:FlowLog", "log", { vpcId: UNKNOWN, trafficType: "ALL" }, { vpcId: [real.urn] }),
        ],
      },
      failing: { none: [vpc], "another VPC's": [vpc, log("ALL", "vpc-2")] },
    }),
    stacks(rules.flowLogs, "nobody can say later who spoke with the VPC's nodes", {
      on: real.urn,
      passing: {},
      failing: { "what the engine shows of awsx, told once": [component, real] },
    }),
    stacks(rules.flowLogs, "the VPC logs only some of its flows", {
      passing: {},
      failing: { "rejected ones": [vpc, log("REJECT")] },
    }),
  ),
  together(
    stacks(rules.defaultGroup, "the VPC's default security group lets its members speak with each other", {
      passing: { "an empty group": [vpc, group({ ingress: [], egress: [] })] },
      failing: { "left alone": [vpc] },
    }),
    stacks(rules.defaultGroup, "the VPC's default security group has rules", {
      passing: {},
      failing: { "a rule out": [vpc, group({ ingress: [], egress: [{ protocol: "-1" }] })] },
    }),
  ),
  together(
    shapes(rules.defaultVpc, "the default VPC is in use, and its subnets are public", {
      passing: {},
      failing: { it: {} },
    }),
    shapes(rules.defaultVpc, "", { type: "aws:ec2/vpc:Vpc", passing: { "an own VPC": {} }, failing: {} }),
  ),
  shapes(rules.subnetAddresses, "whatever starts in the subnet gets an address of the internet", {
    passing: { "nothing said": {}, off: { mapPublicIpOnLaunch: false } },
    failing: { on: { mapPublicIpOnLaunch: true }, "a text": { mapPublicIpOnLaunch: "true" } },
  }),
  shapes(rules.networkAcl, "the network ACL lets in the whole internet", {
    type: acl,
    passing: {
      "a network": { ingress: [{ action: "allow", cidrBlock: "10.0.0.0/8", ruleNo: 100 }] },
      "a deny": { ingress: [{ action: "deny", cidrBlock: "0.0.0.0/0", ruleNo: 100 }] },
    },
    failing: {
      everybody: { ingress: [{ action: "allow", cidrBlock: "0.0.0.0/0", ruleNo: 100 }] },
      "everybody by IPv6": { ingress: [{ action: "allow", ipv6CidrBlock: "::/0", ruleNo: 100 }] },
    },
  }),
  shapes(rules.internetRoute, "a route leads to the internet, and back", {
    passing: {
      "a NAT gateway": { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
      "a private gateway": { destinationCidrBlock: "10.0.0.0/8", gatewayId: "vgw-1" },
    },
    failing: { "an internet gateway": { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" } },
  }),
  shapes(rules.instanceAddress, "it gets an address of the internet", {
    passing: { "nothing said": {}, off: { associatePublicIpAddress: false } },
    failing: {
      "an instance": { associatePublicIpAddress: true },
      "an interface": { networkInterfaces: [{ associatePublicIpAddress: "true" }] },
    },
  }),
  shapes(rules.instanceMetadata, "version 1 of the metadata service is allowed, or answers beyond the instance", {
    passing: { required: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } } },
    failing: {
      nothing: {},
      optional: { metadataOptions: { httpTokens: "optional" } },
      "two hops": { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } },
    },
  }),
  shapes(rules.migrationAddress, "the replication instance has an address of the internet", {
    passing: { off: { publiclyAccessible: false } },
    failing: { nothing: {}, on: { publiclyAccessible: true } },
  }),
  shapes(rules.migrationSubnets, "the replication runs in the default VPC, which is public", {
    passing: {
      "a group": { replicationSubnetGroupId: "group" },
      serverless: { computeConfig: { replicationSubnetGroupId: "g" } },
    },
    failing: { nothing: {} },
  }),
  shapes(rules.endpointPrivateNames, "clients look past the endpoint, and find no way out", {
    passing: {
      on: { vpcEndpointType: "Interface", privateDnsEnabled: true },
      "a gateway": { vpcEndpointType: "Gateway" },
    },
    failing: { nothing: { vpcEndpointType: "Interface" } },
  }),
];
