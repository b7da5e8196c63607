import {
  fixed,
  GB,
  guessed,
  HOURS_A_MONTH,
  NOTHING,
  type BillScope,
  type Line,
  type Priced,
  type PricedResource,
} from "./line";
import type { PriceName } from "../prices";

/** Metrics that S3 publishes for a bucket's requests; each is billed as a metric of one's own. */
const REQUEST_METRICS = 16;

/** Resources that cost the same each month, whatever goes through them. */
const FLAT: Readonly<
  Record<string, { service: string; description: string; unit: string; quantity: number; price: PriceName }>
> = {
  "aws:kms/key:Key": { service: "KMS", description: "key", unit: "key-month", quantity: 1, price: "kms-key" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    service: "CloudWatch",
    description: "alarm",
    unit: "alarm-month",
    quantity: 1,
    price: "alarm",
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    service: "CloudWatch",
    description: "composite alarm",
    unit: "alarm-month",
    quantity: 1,
    price: "composite-alarm",
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    service: "CloudWatch",
    description: "dashboard",
    unit: "dashboard-month",
    quantity: 1,
    price: "dashboard",
  },
  "aws:s3/bucketMetric:BucketMetric": {
    service: "CloudWatch",
    description: "request metrics of a bucket",
    unit: "metric-month",
    quantity: REQUEST_METRICS,
    price: "metric",
  },
};

export function flatLines(_scope: BillScope, resource: PricedResource): Priced {
  const flat = FLAT[resource.type];
  return flat ? { lines: [{ ...flat, resource, quantity: fixed(flat.quantity) }], unknown: [] } : NOTHING;
}

export const FLAT_TYPES = Object.keys(FLAT);

/** A key's month, and what the runs ask of the lake's. */
export function keyLines(scope: BillScope, resource: PricedResource): Priced {
  const { lines } = flatLines(scope, resource);
  const use = scope.uses.find(({ of, name }) => of === "keys" && resource.name?.endsWith(`-key-${name}`) === true);
  if (!use)
    return { lines, unknown: ["KMS: requests for the keys of streams, logs, secrets and alerts, which are few"] };
  const requests: Line = {
    resource,
    service: "KMS",
    description: "requests of the runs (estimate)",
    unit: "10,000 requests",
    quantity: guessed(use.quantity / 10_000),
    price: "kms-requests",
  };
  return { lines: [...lines, requests], unknown: [] };
}

/** An interface endpoint is billed for each zone that it stands in; a gateway is free. */
export function endpointLines({ environment, uses }: BillScope, resource: PricedResource): Priced {
  if (resource.inputs.vpcEndpointType !== "Interface") return NOTHING;
  const { subnetIds } = resource.inputs;
  const zones = Array.isArray(subnetIds) ? subnetIds.length : environment.settings.network.zones;
  const service = String(resource.inputs.serviceName).split(".").at(-1) ?? "";
  const line: Line = {
    resource,
    service: "VPC",
    description: `interface endpoint ${service}`,
    unit: "zone-hours",
    quantity: fixed(HOURS_A_MONTH * zones),
    price: "endpoint-hour",
  };
  const use = uses.find((each) => each.of === "endpoints" && each.name === service);
  if (!use) return { lines: [line], unknown: ["data through the interface endpoints that only manage"] };
  const data: Line = {
    ...line,
    description: `data through the endpoint ${service} (estimate)`,
    unit: "GB",
    quantity: guessed(use.quantity / GB),
    price: "endpoint-data",
  };
  return { lines: [line, data], unknown: [] };
}

/** Hours of a NAT gateway, where dev has one. */
export function natLines(scope: BillScope, resource: PricedResource): Priced {
  if (scope.environment.settings.network.egress !== "nat") return NOTHING;
  const line: Line = {
    resource,
    service: "VPC",
    description: "NAT gateway",
    unit: "hours",
    quantity: fixed(HOURS_A_MONTH),
    price: "nat-hour",
  };
  return { lines: [line], unknown: ["data through the NAT gateway"] };
}

/** What is billed by a use that the declarations do not say, by type. */
export const BY_USE: Readonly<Record<string, string>> = {
  "aws:athena/workgroup:Workgroup": "Athena: what people's queries scan",
  "aws:dynamodb/table:Table": "DynamoDB: requests of the log store and the locks",
  "aws:ec2/flowLog:FlowLog": "VPC flow logs: by traffic",
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "transit gateway: hours of the attachment, and traffic",
  "aws:s3/inventory:Inventory": "S3 inventories: by objects",
  "aws:glue/catalogTable:CatalogTable": "Glue: requests beyond the first million a month",
  "aws:sns/topic:Topic": "SNS: alerts beyond the first thousand a month",
};

/** What costs nothing, by the beginning of its type. */
export const FREE = [
  "aws:athena/namedQuery",
  "aws:budgets/budget",
  "aws:costexplorer/anomaly",
  "aws:cloudwatch/event",
  "aws:cloudwatch/logResourcePolicy",
  "aws:cloudwatch/logStream",
  // What tasks cost is their instance.
  "aws:dms/endpoint",
  "aws:dms/replicationSubnetGroup",
  "aws:dms/replicationTask",
  "aws:dms/s3Endpoint",
  "aws:ebs/",
  "aws:ec2/defaultSecurityGroup",
  "aws:ec2/route",
  "aws:ec2/securityGroup",
  "aws:ec2/vpcPeeringConnection",
  "aws:emr/blockPublicAccessConfiguration",
  "aws:emr/managedScalingPolicy",
  "aws:emr/securityConfiguration",
  "aws:glue/catalogDatabase",
  "aws:glue/dataCatalogEncryptionSettings",
  "aws:glue/resourcePolicy",
  "aws:iam/",
  "aws:kms/alias",
  "aws:s3/accountPublicAccessBlock",
  "aws:s3/bucketLifecycleConfiguration",
  "aws:s3/bucketLogging",
  "aws:s3/bucketNotification",
  "aws:s3/bucketObject",
  "aws:s3/bucketOwnershipControls",
  "aws:s3/bucketPolicy",
  "aws:s3/bucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning",
  "aws:scheduler/schedule",
  "aws:sns/topicPolicy",
  "aws:sns/topicSubscription",
  "aws:vpc/securityGroup",
  "basin:",
  "pulumi:",
  "tls:",
] as const;
