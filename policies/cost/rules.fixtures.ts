import type { Subject } from "../rule";
import { clusterFixtures } from "../testing/cluster-fixtures";
import { fleet, request } from "../testing/cluster-forms";
import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./rules";

const vpc = (strategy?: string, type = "Private"): Subject =>
  subject("awsx:ec2:Vpc", "it", {
    vpcId: "vpc-1",
    subnetSpecs: [{ type }],
    natGateways: strategy === undefined ? undefined : { strategy },
  });
const gateway = (service: string, routeTableIds: readonly string[] = ["rtb-1"]): Subject =>
  subject("aws:ec2/vpcEndpoint:VpcEndpoint", service, {
    vpcId: "vpc-1",
    vpcEndpointType: "Gateway",
    serviceName: `com.amazonaws.us-east-1.${service}`,
    routeTableIds,
  });
const paid = (service: string): string =>
  `what goes to ${service} goes through a NAT gateway, and is paid by the gigabyte`;
const own = [
  subject("aws:ec2/vpc:Vpc", "it", { id: "vpc-1" }),
  subject("aws:ec2/subnet:Subnet", "subnet", { id: "subnet-1", vpcId: "vpc-1" }),
  subject("aws:ec2/natGateway:NatGateway", "nat", { subnetId: "subnet-1" }),
];
const bids = [{ InstanceType: "m5.xlarge", BidPrice: "0.1" }];

export const fixtures: readonly Fixtures[] = [
  shapes(rules.scanLimit, "one query may scan, and bill, the whole lake", {
    passing: { "a limit": { configuration: { bytesScannedCutoffPerQuery: 10 ** 12 } } },
    failing: { none: { configuration: {} }, zero: { configuration: { bytesScannedCutoffPerQuery: 0 } } },
  }),
  shapes(rules.queryMetrics, "nobody sees what queries scan", {
    passing: { "Athena's default": {}, on: { configuration: { publishCloudwatchMetricsEnabled: true } } },
    failing: { off: { configuration: { publishCloudwatchMetricsEnabled: false } } },
  }),
  clusterFixtures(
    rules.bidPrice,
    { "no bid": request() },
    {
      "a bid": [
        request({}, { InstanceFleets: [fleet("TASK", 0, 1, { InstanceTypeConfigs: bids })] }),
        (cluster) => `${cluster} loses Spot nodes to its own bid`,
      ],
    },
  ),
  together(
    stacks(rules.natOffLakePath, paid("s3"), {
      passing: {
        "no NAT": [vpc("None")],
        "no private subnet": [vpc(undefined, "Isolated")],
        "gateways beside it": [vpc("Single"), gateway("s3"), gateway("dynamodb")],
        "a VPC of its own, without": own.slice(0, 2),
      },
      failing: {
        "an endpoint that no route leads to": [vpc("Single"), gateway("s3", []), gateway("dynamodb")],
        "a VPC of its own": [...own, gateway("dynamodb")],
      },
    }),
    stacks(rules.natOffLakePath, paid("dynamodb"), {
      passing: {},
      failing: { "S3 only": [vpc("OnePerAz"), gateway("s3")] },
    }),
    {
      rule: rules.natOffLakePath,
      passing: {},
      failing: {
        "what awsx makes when nothing is said": { stack: [vpc()], violations: { it: [paid("s3"), paid("dynamodb")] } },
      },
    },
  ),
];
