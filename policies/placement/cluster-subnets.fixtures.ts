import type { Subject } from "../rule";
import type { Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { UNKNOWN } from "../unknown";
import { clusterPlacement } from "./cluster-subnets";

const vpc = (...types: string[]): Subject =>
  subject("awsx:ec2:Vpc", "vpc", {
    subnetSpecs: types.map((type) => ({ type })),
    isolatedSubnetIds: ["subnet-isolated"],
    publicSubnetIds: ["subnet-public"],
  });
const subnet = subject("aws:ec2/subnet:Subnet", "subnet", { id: "subnet-1" });
const table = (route: Record<string, unknown>): Subject[] => [
  subject("aws:ec2/routeTable:RouteTable", "table", { id: "rtb-1" }),
  subject("aws:ec2/route:Route", "route", { routeTableId: "rtb-1", ...route }),
  subject(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "association",
    { subnetId: "subnet-1", routeTableId: "rtb-1" },
    { subnetId: ["subnet"], routeTableId: ["table"] },
  ),
];
const cluster = (ec2Attributes: unknown): Subject =>
  subject("aws:emr/cluster:Cluster", "cluster", { ec2Attributes }, { ec2Attributes: ["vpc"] });
const machine = (instances: unknown, resource = "arn:aws:states:::aws-sdk:emr:runJobFlow"): Subject => {
  const create = { Type: "Task", Resource: resource, Parameters: { Name: "run", Instances: instances } };
  const branches = [{ StartAt: "Create", States: { Create: create } }];
  const definition = JSON.stringify({ StartAt: "All", States: { All: { Type: "Parallel", Branches: branches } } });
  return subject("aws:sfn/stateMachine:StateMachine", "machine", { definition }, { definition: ["vpc"] });
};

/** A state inside a state, as its kind writes it. */
const inside = (outer: Record<string, unknown>): Subject =>
  subject("aws:sfn/stateMachine:StateMachine", "machine", {
    definition: JSON.stringify({ StartAt: "All", States: { All: outer } }),
  });
const create = (request: unknown): Record<string, unknown> => ({
  StartAt: "Create",
  States: { Create: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:emr:runJobFlow", Arguments: request } },
});
const open = create({ Name: "run", Instances: { Ec2SubnetIds: ["subnet-public"] } });

const PUBLIC = "runs in a public subnet, where its nodes get addresses of the internet";
const DEFAULT_VPC = "names no subnet, so it starts in the default VPC, which is public";

const placement: Fixtures = {
  rule: clusterPlacement,
  passing: {
    "isolated subnets of awsx": [vpc("Isolated", "Public"), cluster({ subnetIds: ["subnet-isolated"] })],
    "ids that are not known yet, of a VPC without public subnets": [vpc("Isolated"), cluster({ subnetIds: UNKNOWN })],
    "a subnet that only routes to a NAT gateway": [
      subnet,
      ...table({ natGatewayId: "nat-1", destinationCidrBlock: "0.0.0.0/0" }),
      cluster({ subnetId: "subnet-1" }),
    ],
    "a cluster of a state machine": [vpc("Isolated"), machine({ Ec2SubnetIds: ["subnet-isolated"] })],
    "a state machine without clusters": [machine({}, "arn:aws:states:::sns:publish")],
  },
  failing: {
    "no subnet": { stack: [cluster({})], violations: { cluster: `the cluster ${DEFAULT_VPC}` } },
    "no network at all": { stack: [cluster(undefined)], violations: { cluster: `the cluster ${DEFAULT_VPC}` } },
    "a public subnet among isolated ones": {
      stack: [vpc("Isolated", "Public"), cluster({ subnetIds: ["subnet-isolated", "subnet-public"] })],
      violations: { cluster: `the cluster ${PUBLIC}` },
    },
    "a subnet with a route to an internet gateway": {
      stack: [subnet, ...table({ gatewayId: "igw-1" }), cluster({ subnetId: "subnet-1" })],
      violations: { cluster: `the cluster ${PUBLIC}` },
    },
    "a route to an internet gateway that is made in the same deployment": {
      stack: [subnet, ...table({ gatewayId: UNKNOWN }), cluster({ subnetId: "subnet-1" })],
      violations: { cluster: `the cluster ${PUBLIC}` },
    },
    "a subnet that hands out public addresses": {
      stack: [
        subject("aws:ec2/subnet:Subnet", "subnet", { id: "subnet-1", mapPublicIpOnLaunch: true }),
        cluster({ subnetId: "subnet-1" }),
      ],
      violations: { cluster: `the cluster ${PUBLIC}` },
    },
    "public subnets that the same deployment makes": {
      stack: [
        subject("aws:ec2/subnet:Subnet", "subnet", { id: UNKNOWN, mapPublicIpOnLaunch: true }),
        subject(
          "aws:emr/cluster:Cluster",
          "cluster",
          { ec2Attributes: { subnetIds: UNKNOWN } },
          { ec2Attributes: ["subnet"] },
        ),
      ],
      violations: { cluster: `the cluster ${PUBLIC}` },
    },
    "a state of a state machine, by the SDK integration": {
      stack: [vpc("Isolated", "Public"), machine({ Ec2SubnetIds: ["subnet-public"] })],
      violations: { machine: `the cluster of state Create ${PUBLIC}` },
    },
    "a state of a state machine, by the optimised integration": {
      stack: [machine({}, "arn:aws:states:::elasticmapreduce:createCluster.sync")],
      violations: { machine: `the cluster of state Create ${DEFAULT_VPC}` },
    },
    "a state of a map": {
      stack: [vpc("Isolated", "Public"), inside({ Type: "Map", ItemProcessor: open })],
      violations: { machine: `the cluster of state Create ${PUBLIC}` },
    },
    "a state of a map in its older form": {
      stack: [vpc("Isolated", "Public"), inside({ Type: "Map", Iterator: open })],
      violations: { machine: `the cluster of state Create ${PUBLIC}` },
    },
    "a state of a map inside a branch": {
      stack: [
        vpc("Isolated", "Public"),
        inside({ Type: "Parallel", Branches: [{ States: { Each: { Type: "Map", ItemProcessor: open } } }] }),
      ],
      violations: { machine: `the cluster of state Create ${PUBLIC}` },
    },
    "a definition that is not JSON": {
      stack: [subject("aws:sfn/stateMachine:StateMachine", "machine", { definition: "{" })],
      violations: {
        machine: "the rule itself failed: the definition of machine is not JSON: its states cannot be checked",
      },
    },
  },
  undecided: {
    "a subnet of another stack": {
      stack: [cluster({ subnetId: "subnet-9" })],
      violations: { cluster: "undecided: the route table of subnet-9 is not known before the deployment" },
    },
    "ids that are not known yet, of a VPC with public subnets": {
      stack: [vpc("Isolated", "Public"), cluster({ subnetIds: UNKNOWN })],
      violations: { cluster: "undecided: ec2Attributes.subnetIds is not known before the deployment" },
    },
    "a request that is one expression of JSONata": {
      stack: [inside({ Type: "Map", ItemProcessor: create("{% $merge([$request, $states.input]) %}") })],
      violations: { machine: "undecided: the request of state Create is not known before the deployment" },
    },
    "subnets by an expression of JSONata": {
      stack: [inside({ Type: "Map", ItemProcessor: create({ Instances: { Ec2SubnetIds: "{% $subnets %}" } }) })],
      violations: { machine: "undecided: Instances.Ec2SubnetIds is not known before the deployment" },
    },
    "a subnet that the execution chooses": {
      stack: [machine({ "Ec2SubnetIds.$": "$.subnets" })],
      violations: { machine: "undecided: Instances.Ec2SubnetIds is not known before the deployment" },
    },
  },
};

export const fixtures: readonly Fixtures[] = [placement];
