import { clusterRule } from "../cluster-rule";
import { fleetsOf } from "../models/fleets";
import { endpointsOf, networkRule, subnetsOf } from "../models/networks";
import { propertyRule } from "../property-rule";
import { list, number, object, objects, text } from "../reading";
import type { Props, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

/** USD 5 a TB scanned: a cut-off is the most that one query can cost by mistake. */
export const scanLimit = propertyRule({
  name: "athena-scan-limit",
  group: "cost",
  description: "A query stops at a number of scanned bytes.",
  enforcement: "mandatory",
  types: ["aws:athena/workgroup:Workgroup"],
  value: (props) => object(objects(props.configuration)[0]).bytesScannedCutoffPerQuery,
  holds: (value) => (number(value) ?? 0) > 0,
  message: "one query may scan, and bill, the whole lake",
  fix: "configuration: { …, bytesScannedCutoffPerQuery: 1024 ** 4 }",
});

export const queryMetrics = propertyRule({
  name: "athena-workgroup-metrics",
  group: "cost",
  description: "A work group shows what its queries scan.",
  enforcement: "mandatory",
  types: ["aws:athena/workgroup:Workgroup"],
  value: (props) => object(objects(props.configuration)[0]).publishCloudwatchMetricsEnabled ?? true,
  holds: (value) => value === true,
  message: "nobody sees what queries scan",
  fix: "configuration: { …, publishCloudwatchMetricsEnabled: true }",
});

export const bidPrice = clusterRule({
  name: "emr-bid-price",
  group: "cost",
  description: "Nobody bids for Spot: a bid saves nothing, and ends a node when the price moves.",
  *check(cluster, subject, stack) {
    for (const { types } of fleetsOf(cluster, subject, stack)) {
      const bid = types.find((type) => (type.BidPrice ?? type.BidPriceAsPercentageOfOnDemandPrice) !== undefined);
      if (!bid) continue;
      const value = bid.BidPrice ?? bid.BidPriceAsPercentageOfOnDemandPrice;
      yield { message: `${cluster.called} loses Spot nodes to its own bid`, value, fix: "bidPrice: undefined" };
    }
  },
});

/** A petabyte through a NAT gateway costs USD 47,000; through a gateway endpoint it costs nothing. */
export const natOffLakePath = networkRule({
  name: "vpc-nat-off-lake-path",
  group: "cost",
  description: "A VPC with a NAT gateway reaches S3 and DynamoDB by gateway endpoints, which cost nothing.",
  *check(vpc, stack) {
    if (!hasNat(vpc, stack)) return;
    for (const service of ["s3", "dynamodb"]) {
      if (endpointsOf(vpc, stack).some((endpoint) => isGateway(endpoint, service))) continue;
      const fix = `new ec2.VpcEndpoint("x", { vpcId, serviceName: \`com.amazonaws.\${region}.${service}\`, routeTableIds });`;
      yield { message: `what goes to ${service} goes through a NAT gateway, and is paid by the gigabyte`, fix };
    }
  },
});

function hasNat(vpc: Subject, stack: StackView): boolean {
  if (vpc.type !== "awsx:ec2:Vpc") {
    return subnetsOf(vpc, stack).some(
      (subnet) => stack.referring(["aws:ec2/natGateway:NatGateway"], "subnetId", subnet).length > 0,
    );
  }
  const strategy = text(object(objects(vpc.props.natGateways)[0]).strategy);
  // awsx makes a NAT gateway in each zone when nobody says otherwise and there are private subnets.
  const specs = objects(vpc.props.subnetSpecs);
  const hasPrivate =
    vpc.props.subnetSpecs === undefined || specs.some(({ type }) => text(type)?.toLowerCase() === "private");
  return strategy === undefined ? hasPrivate : strategy !== "None";
}

function isGateway(endpoint: Props, service: string): boolean {
  const type = text(endpoint.vpcEndpointType) ?? "Gateway";
  return type === "Gateway" && text(endpoint.serviceName)?.endsWith(`.${service}`) === true && isRouted(endpoint);
}

function isRouted(endpoint: Props): boolean {
  return ifKnown(() => list(endpoint.routeTableIds).length > 0) ?? true;
}
