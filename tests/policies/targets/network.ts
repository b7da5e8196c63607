import type { Target } from "../break";

export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const networkTargets: readonly Target[] = [
  {
    rule: "vpc-endpoint-policy",
    type: ENDPOINT,
    name: /glue/,
    at: "policy",
    wrong: ['{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
  },
  { rule: "vpc-endpoint-policy", type: ENDPOINT, name: /kms/, at: "policy|Statement[0].Condition", wrong: [{}] },
  {
    rule: "vpc-endpoint-attached",
    type: ENDPOINT,
    name: /-s3$/,
    at: "routeTableIds",
    wrong: [[]],
    without: ["unknown"],
  },
  {
    rule: "vpc-endpoint-attached",
    type: ENDPOINT,
    name: /kms/,
    at: "securityGroupIds",
    wrong: [[]],
    without: ["unknown"],
  },
  { rule: "vpc-endpoint-private-dns", type: ENDPOINT, name: /kms/, at: "privateDnsEnabled", wrong: [false] },
  { rule: "vpc-endpoint-zones", type: ENDPOINT, name: /kms/, at: "subnetIds", wrong: [["subnet-1"]] },
  { rule: "vpc-flow-logs", type: "aws:ec2/flowLog:FlowLog", at: "trafficType", wrong: ["REJECT"] },
  {
    rule: "vpc-default-security-group",
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    at: "egress",
    wrong: [[{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }]],
    without: ["removed"],
  },
  { rule: "security-group-description", type: INGRESS, at: "description", wrong: ["", "Managed by Pulumi"] },
  { rule: "security-group-description", type: "aws:ec2/securityGroup:SecurityGroup", at: "description", wrong: [""] },
  {
    rule: "emr-cluster-placement",
    type: "awsx:ec2:Vpc",
    at: "subnetSpecs[0].type",
    wrong: ["Public"],
    without: ["removed", "unknown"],
  },
];
