import type { PriceName } from "../../capacity/prices";

/** How one price of the file is found among AWS's products. */
export interface PriceQuery {
  readonly service: string;
  /** End of the product's usage type: what comes before is the region's short name. */
  readonly usage: string;
  /** Attributes that the product has; only where a region has too many products to read them all. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Units of AWS's price in one unit of the file's: 1,000 where AWS prices a request and the file a thousand. */
  readonly units?: number;
}

const s3 = (usage: string, units?: number): PriceQuery => ({ service: "AmazonS3", usage, units });
const kinesis = (usage: string, units?: number): PriceQuery => ({ service: "AmazonKinesis", usage, units });
const cloudWatch = (usage: string): PriceQuery => ({ service: "AmazonCloudWatch", usage });

/** The type on which EMR's share of EC2's price is read: it is the same for the types that clusters have. */
export const UPLIFT_TYPE = "m5.xlarge";

/** Every item that AWS has a price of; `emr-uplift` is a share of two, see `UPLIFT_TYPE`. */
export const QUERIES: Readonly<Record<Exclude<PriceName, "emr-uplift">, PriceQuery>> = {
  "ebs-gp3": {
    service: "AmazonEC2",
    usage: "EBS:VolumeUsage.gp3",
    attributes: { productFamily: "Storage", volumeApiName: "gp3" },
  },
  "s3-standard": s3("TimedStorage-ByteHrs"),
  "s3-infrequent": s3("TimedStorage-SIA-ByteHrs"),
  "s3-glacier-instant": s3("TimedStorage-GIR-ByteHrs"),
  "s3-glacier-flexible": s3("TimedStorage-GlacierByteHrs"),
  "s3-deep-archive": s3("TimedStorage-GDA-ByteHrs"),
  "s3-put": s3("Requests-Tier1", 1_000),
  "s3-get": s3("Requests-Tier2", 1_000),
  "s3-into-infrequent": s3("Requests-SIA-Tier1", 1_000),
  "s3-into-glacier-instant": s3("Requests-GIR-Tier1", 1_000),
  "s3-monitoring": s3("Monitoring-Automation-INT", 1_000),
  "dms-t3-medium-hour": { service: "AWSDatabaseMigrationSvc", usage: "InstanceUsg:dms.t3.medium" },
  "kinesis-shard": kinesis("Storage-ShardHour"),
  "kinesis-put": kinesis("PutRequestPayloadUnits", 1_000_000),
  "kinesis-retention": kinesis("Extended-ShardHour"),
  "kinesis-on-demand-stream": kinesis("OnDemand-StreamHour"),
  "kinesis-on-demand-in": kinesis("OnDemand-BilledIncomingBytes"),
  "kinesis-on-demand-out": kinesis("OnDemand-BilledOutgoingBytes"),
  "kinesis-fan-out": kinesis("EnhancedFanoutHour"),
  "kinesis-fan-out-data": kinesis("ReadBytes"),
  "kinesis-on-demand-fan-out": kinesis("OnDemand-BilledOutgoingEFOBytes"),
  "kinesis-on-demand-retention": kinesis("OnDemand-ExtendedRetention-ByteHrs"),
  "kinesis-long-retention": kinesis("LongTermRetention-ByteHrs"),
  "firehose-in": { service: "AmazonKinesisFirehose", usage: "BilledBytes" },
  // One price for each pair of regions: clear only where AWS has the same for all.
  "transfer-between-regions": {
    service: "AWSDataTransfer",
    usage: "AWS-Out-Bytes",
    attributes: { transferType: "InterRegion Outbound" },
  },
  "nat-hour": { service: "AmazonEC2", usage: "NatGateway-Hours", attributes: { productFamily: "NAT Gateway" } },
  "endpoint-hour": { service: "AmazonVPC", usage: "VpcEndpoint-Hours" },
  "endpoint-data": { service: "AmazonVPC", usage: "VpcEndpoint-Bytes" },
  "kms-key": { service: "awskms", usage: "KMS-Keys" },
  "kms-requests": { service: "awskms", usage: "KMS-Requests", units: 10_000 },
  "logs-in": cloudWatch("DataProcessing-Bytes"),
  "logs-stored": cloudWatch("TimedStorage-ByteHrs"),
  "composite-alarm": cloudWatch("CW:CompositeAlarmMonitorUsage"),
  alarm: cloudWatch("CW:AlarmMonitorUsage"),
  metric: cloudWatch("CW:MetricMonitorUsage"),
  dashboard: cloudWatch("DashboardsUsageHour"),
  "glue-objects": { service: "AWSGlue", usage: "Catalog-Storage", units: 100_000 },
  "states-transitions": { service: "AmazonStates", usage: "StateTransition", units: 1_000 },
};

/** On-demand Linux of one type, with nothing installed and no capacity reserved. */
export function instanceQuery(type: string): PriceQuery {
  return {
    service: "AmazonEC2",
    usage: `BoxUsage:${type}`,
    attributes: {
      instanceType: type,
      operatingSystem: "Linux",
      tenancy: "Shared",
      preInstalledSw: "NA",
      capacitystatus: "Used",
    },
  };
}

/** What EMR adds to that type's price. */
export function emrQuery(type: string): PriceQuery {
  return {
    service: "ElasticMapReduce",
    usage: `BoxUsage:${type}`,
    attributes: { instanceType: type, softwareType: "EMR" },
  };
}
