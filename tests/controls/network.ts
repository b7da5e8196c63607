import { expect } from "vitest";
import { type AuditedPlan, type ControlCheck } from "./audited-plan";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const rulesOf = (plan: AuditedPlan, direction: "Ingress" | "Egress") =>
  plan.recorded.ofType(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`);

function onlyNamedEnds(plan: AuditedPlan, direction: "Ingress" | "Egress"): void {
  const rules = rulesOf(plan, direction);
  expect(rules.length).toBeGreaterThan(10);
  for (const { name, inputs } of rules) {
    expect(inputs, name).not.toHaveProperty("cidrIpv4");
    expect(inputs, name).not.toHaveProperty("cidrIpv6");
    expect(inputs["referencedSecurityGroupId"] ?? inputs["prefixListId"], name).toMatch(/^(sg|pl)-/);
  }
}

const services = (plan: AuditedPlan, type: "Gateway" | "Interface"): string[] =>
  plan
    .inputsOf("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ vpcEndpointType }) => vpcEndpointType === type)
    .map(({ serviceName }) => (serviceName as string).replace("com.amazonaws.us-east-1.", ""));

export const NETWORK_CONTROLS: readonly ControlCheck[] = [
  {
    rows: [67],
    says: "the VPC logs all its flows",
    check: (plan) =>
      expect(plan.inputsOf("aws:ec2/flowLog:FlowLog")).toMatchObject([
        { trafficType: "ALL", vpcId: expect.stringMatching(/^vpc-/) as string },
      ]),
  },
  {
    rows: [68],
    says: "the default group has no rule",
    check: (plan) =>
      expect(plan.inputsOf("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")).toMatchObject([
        { ingress: [], egress: [] },
      ]),
  },
  { rows: [69], says: "nobody is let in but by a group", check: (plan) => onlyNamedEnds(plan, "Ingress") },
  {
    rows: [70],
    says: "nothing is reached but by a group or an AWS service's prefix list",
    check: (plan) => onlyNamedEnds(plan, "Egress"),
  },
  {
    rows: [71],
    says: "every group and rule says what it is for",
    check: (plan) => {
      for (const { name, inputs } of [
        ...plan.recorded.ofType(GROUP),
        ...rulesOf(plan, "Ingress"),
        ...rulesOf(plan, "Egress"),
      ]) {
        expect(inputs["description"], name).toMatch(/\w{3}/);
      }
    },
  },
  {
    rows: [72, 80],
    says: "every subnet is isolated: none hands out public addresses, and no route leads to an internet gateway",
    check: (plan) => {
      // awsx makes the subnets; an isolated one has no public address and no route beyond the VPC.
      for (const { subnetSpecs, natGateways } of plan.inputsOf("awsx:ec2:Vpc")) {
        expect(subnetSpecs).toMatchObject([{ type: "Isolated" }]);
        expect(natGateways).toEqual({ strategy: "None" });
      }
      expect(plan.named(/^awsx:ec2:Vpc$/)).toEqual(["network-vpc"]);
      expect(plan.named(/^aws:ec2\/(subnet|internetGateway|egressOnlyInternetGateway|natGateway|eip):/)).toEqual([]);
      for (const route of plan.inputsOf("aws:ec2/route:Route")) expect(route).not.toHaveProperty("gatewayId");
    },
  },
  {
    rows: [73, 74],
    says: "nothing lives in the default VPC, and no network ACL widens what groups allow",
    check: (plan) => expect(plan.named(/^aws:ec2\/(default(Vpc|Subnet|NetworkAcl)|networkAcl)/)).toEqual([]),
  },
  {
    rows: [75],
    says: "every group is used: by a cluster's recipe, or by an endpoint",
    check: (plan) => {
      const uses = [
        ...plan.inputsOf("aws:sfn/stateMachine:StateMachine").map(({ definition }) => definition as string),
        ...plan.inputsOf("aws:ec2/vpcEndpoint:VpcEndpoint").map((inputs) => JSON.stringify(inputs)),
      ].join();
      const groups = plan.recorded.ofType(GROUP);
      expect(groups.length).toBeGreaterThan(3);
      for (const { name, outputs } of groups) expect(uses, name).toContain(outputs["id"]);
    },
  },
  {
    rows: [77],
    says: "people come through Session Manager, whose services have endpoints",
    check: (plan) =>
      expect(services(plan, "Interface")).toEqual(expect.arrayContaining(["ssm", "ssmmessages", "ec2messages"])),
  },
  {
    rows: [78],
    says: "every endpoint is bounded by a policy, and in prod stands in every zone",
    check: (plan) => {
      for (const inputs of plan.inputsOf("aws:ec2/vpcEndpoint:VpcEndpoint")) {
        expect(inputs["policy"], inputs["serviceName"] as string).toContain('"aws:PrincipalAccount":"111122223333"');
        if (inputs["vpcEndpointType"] === "Interface") {
          expect(inputs["subnetIds"]).toHaveLength(plan.stack === "prod" ? 3 : 1);
        }
      }
    },
  },
  {
    rows: [],
    says: "what clusters call has an endpoint in the VPC: Glue, KMS, STS, logs, metrics and EMR, S3 and DynamoDB",
    check: (plan) => {
      expect(services(plan, "Gateway").sort()).toEqual(["dynamodb", "s3"]);
      expect(services(plan, "Interface")).toEqual(
        expect.arrayContaining(["glue", "kms", "sts", "logs", "monitoring", "elasticmapreduce"]),
      );
    },
  },
];
