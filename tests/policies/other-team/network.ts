import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type { Output } from "@pulumi/pulumi";
import { ACCOUNT } from "./storage";

export interface Network {
  readonly subnetIds: readonly Output<string>[];
  readonly groups: Readonly<Record<"primary" | "core" | "service", ec2.SecurityGroup>>;
}

const CALLED = ["elasticmapreduce", "kms", "logs", "monitoring", "sts"];

/** A closed network of plain resources: no component, no way out but the endpoints. */
export function declareNetwork(logsArn: Output<string>): Network {
  const net = new ec2.Vpc("net", { cidrBlock: "10.9.0.0/16", enableDnsHostnames: true });
  new ec2.DefaultSecurityGroup("default", { vpcId: net.id });
  new ec2.FlowLog("flows", {
    vpcId: net.id,
    trafficType: "ALL",
    logDestinationType: "s3",
    logDestination: logsArn,
  });
  const table = new ec2.RouteTable("closed", { vpcId: net.id });
  const subnets = ["a", "b"].map((zone, index) => {
    const cidrBlock = `10.9.${index}.0/24`;
    const subnet = new ec2.Subnet(`data-${zone}`, { vpcId: net.id, cidrBlock, availabilityZone: `us-east-1${zone}` });
    new ec2.RouteTableAssociation(`data-${zone}`, { subnetId: subnet.id, routeTableId: table.id });
    return subnet;
  });
  const subnetIds = subnets.map(({ id }) => id);
  declareEndpoints(net, table, subnetIds);
  const [primary, core, service] = ["Primary node", "Core and task nodes", "EMR's service"].map(
    (description, index) => new ec2.SecurityGroup(`group-${index}`, { vpcId: net.id, description }),
  );
  if (!primary || !core || !service) throw new Error("three groups");
  return { subnetIds, groups: { primary, core, service } };
}

function declareEndpoints(net: ec2.Vpc, table: ec2.RouteTable, subnetIds: readonly Output<string>[]): void {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnCallers",
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT } },
      },
    ],
  });
  const group = new ec2.SecurityGroup("endpoints", { vpcId: net.id, description: "Interface endpoints" });
  new vpc.SecurityGroupIngressRule("endpoints", {
    securityGroupId: group.id,
    description: "HTTPS from the network",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: "10.9.0.0/16",
  });
  const shared = { vpcId: net.id, policy };
  const name = (service: string): string => `com.amazonaws.us-east-1.${service}`;
  new ec2.VpcEndpoint("s3", { ...shared, serviceName: name("s3"), routeTableIds: [table.id] });
  for (const service of CALLED) {
    new ec2.VpcEndpoint(service, {
      ...shared,
      serviceName: name(service),
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [...subnetIds],
      securityGroupIds: [group.id],
    });
  }
}
