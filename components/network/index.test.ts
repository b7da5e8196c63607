import { beforeAll, describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import type { Environment } from "../environment";
import { Network } from "./index";

const lake = { buckets: { logs: { arn: "arn:aws:s3:::logs", ready: [] } } };
const declareNetwork = (environment: Environment): Promise<Recorded> =>
  recordComponents(environment, () => new Network("network", { environment, lake }));

describe("Network in prod", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await declareNetwork(exampleEnvironment("prod"))));

  it("has isolated subnets in three zones and no NAT gateway", () => {
    expect(recorded.get("awsx:ec2:Vpc", "network-vpc").inputs).toMatchObject({
      cidrBlock: "10.20.0.0/16",
      numberOfAvailabilityZones: 3,
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Isolated", name: "data", cidrMask: 19 }],
      natGateways: { strategy: "None" },
    });
  });

  it("attaches each gateway endpoint to every route table, and each interface endpoint to every zone", () => {
    const endpoints = recorded.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs);
    for (const inputs of endpoints) {
      const places = inputs["vpcEndpointType"] === "Gateway" ? inputs["routeTableIds"] : inputs["subnetIds"];
      expect(places, JSON.stringify(inputs["serviceName"])).toHaveLength(3);
    }
    expect(endpoints.filter((inputs) => inputs["vpcEndpointType"] === "Gateway")).toHaveLength(2);
  });

  it("leaves the default group without a rule", () => {
    const { inputs } = recorded.get("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default-group");
    expect(inputs).toMatchObject({ ingress: [], egress: [] });
  });

  it("lets EMR add and remove rules of its own groups, which the tag tells, and of no other", () => {
    const tagged: string[] = [];
    for (const { name, inputs } of recorded.ofType("aws:ec2/securityGroup:SecurityGroup")) {
      expect(inputs).not.toHaveProperty("ingress");
      expect(inputs).not.toHaveProperty("egress");
      expect(inputs["revokeRulesOnDelete"]).toBe(true);
      if (JSON.stringify(inputs["tags"] ?? {}).includes("for-use-with-amazon-emr-managed-policies")) tagged.push(name);
    }
    expect(tagged).toEqual(["network-emr-core", "network-emr-primary", "network-emr-service-access"]);
  });

  it("logs every flow into the logs bucket", () => {
    expect(recorded.get("aws:ec2/flowLog:FlowLog", "network-flow-log").inputs).toMatchObject({
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::logs/flow-logs/",
    });
  });
});

describe("the ways to source databases", () => {
  const gateway = "tgw-0123456789abcdef0";
  const peer = "vpc-0123456789abcdef0";
  const network = {
    cidr: "10.20.0.0/16",
    transitGateway: { id: gateway, routes: ["172.16.0.0/12"] },
    peering: [
      { vpcId: peer, cidr: "10.1.0.0/16" },
      { vpcId: peer, cidr: "10.2.0.0/16" },
    ],
  };
  const connections = {
    shop: {
      engine: "postgres",
      host: "db.example.com",
      port: 5432,
      database: "shop",
      cidr: "172.16.9.0/24",
      secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop",
    },
  };
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await declareNetwork(exampleEnvironment("prod", { settings: { network, connections } }));
  });

  it("are open to DMS alone: by a group of its own, one rule a source", () => {
    const id = recorded.get("aws:ec2/securityGroup:SecurityGroup", "network-migration").outputs["id"];
    const rules = recorded.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    expect(rules.filter(({ inputs }) => "cidrIpv4" in inputs).map(({ inputs }) => inputs)).toEqual([
      {
        securityGroupId: id,
        cidrIpv4: "172.16.9.0/24",
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        description: "Source database shop",
      },
    ]);
  });

  it("are one attachment in every zone, and one peering a VPC, however many networks it holds", () => {
    const attachments = recorded.ofType("aws:ec2transitgateway/vpcAttachment:VpcAttachment");
    expect(attachments.map(({ inputs }) => inputs["transitGatewayId"])).toEqual([gateway]);
    expect(attachments[0]?.inputs["subnetIds"]).toHaveLength(3);
    const peerings = recorded.ofType("aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
    expect(peerings.map(({ inputs }) => inputs["peerVpcId"])).toEqual([peer]);
  });

  it("are known in every subnet, and lead to the declared networks alone", () => {
    const routes = recorded.ofType("aws:ec2/route:Route").map(({ inputs }) => inputs);
    const tables = (cidr: string) =>
      new Set(routes.filter((route) => route["destinationCidrBlock"] === cidr).map((route) => route["routeTableId"]));
    for (const cidr of ["172.16.0.0/12", "10.1.0.0/16", "10.2.0.0/16"]) expect(tables(cidr).size, cidr).toBe(3);
    expect(routes).toHaveLength(9);
    for (const route of routes) expect(route).not.toHaveProperty("gatewayId");
  });
});

describe("Network in dev", () => {
  it("has each interface endpoint in one zone of two", async () => {
    const recorded = await declareNetwork(exampleEnvironment("dev"));
    const interfaces = recorded
      .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
      .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
    for (const { inputs } of interfaces) expect(inputs["subnetIds"]).toHaveLength(1);
  });

  it("may choose one NAT gateway; nodes then stand in private subnets", async () => {
    const network = { cidr: "10.20.0.0/16", zones: 2, egress: "nat" };
    const recorded = await declareNetwork(exampleEnvironment("dev", { settings: { network } }));
    expect(recorded.get("awsx:ec2:Vpc", "network-vpc").inputs).toMatchObject({
      subnetSpecs: [
        { type: "Private", name: "data", cidrMask: 19 },
        { type: "Public", name: "egress", cidrMask: 28 },
      ],
      natGateways: { strategy: "Single" },
    });
  });
});

it("refuses a network that is too small before it declares anything", async () => {
  const environment = exampleEnvironment("prod", { settings: { network: { cidr: "10.20.0.0/25" } } });
  const nodes = { onDemandUnits: 4, spotUnits: 0, maxUnits: 4, types: [{ type: "m5.xlarge", weight: 1 }] };
  const clusters = [{ primary: nodes, core: nodes, task: nodes }] as unknown as Environment["capacity"]["clusters"];
  const tooSmall = { ...environment, capacity: { ...environment.capacity, clusters } };
  await expect(declareNetwork(tooSmall)).rejects.toThrow(/0 addresses for nodes.*12 nodes.*allowed: \/\d+ or larger/);
});
