/** Why a change of these properties makes a new resource instead of updating the old one. */
export interface Replacement {
  readonly properties: readonly string[];
  readonly source: string;
}

const PROVIDER = "the AWS provider's schema (forces a new resource)";

const NAMED = (...properties: string[]): Replacement => ({ properties, source: PROVIDER });

/**
 * Properties that force replacement, for the types that Basin declares. What is not in the table is an update: the
 * engine has the last word, and this says it before the engine is asked.
 */
export const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  "aws:athena/workgroup:Workgroup": NAMED("name"),
  "aws:cloudwatch/logGroup:LogGroup": NAMED("name", "namePrefix"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": NAMED("name"),
  "aws:dynamodb/table:Table": NAMED("name", "hashKey", "rangeKey"),
  "aws:ec2/flowLog:FlowLog": {
    properties: [
      "destinationOptions",
      "logDestination",
      "logDestinationType",
      "maxAggregationInterval",
      "trafficType",
      "vpcId",
    ],
    source: PROVIDER,
  },
  "aws:ec2/securityGroup:SecurityGroup": NAMED("description", "name", "namePrefix", "vpcId"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": NAMED("serviceName", "vpcEndpointType", "vpcId"),
  "aws:emr/cluster:Cluster": {
    properties: [
      "applications",
      "configurationsJson",
      "coreInstanceFleet",
      "ebsRootVolumeSize",
      "ec2Attributes",
      "keepJobFlowAliveWhenNoSteps",
      "logEncryptionKmsKeyId",
      "logUri",
      "masterInstanceFleet",
      "name",
      "releaseLabel",
      "securityConfiguration",
      "serviceRole",
    ],
    source: "terraform-provider-aws, aws_emr_cluster",
  },
  "aws:emr/instanceFleet:InstanceFleet": {
    properties: ["clusterId", "instanceTypeConfigs", "launchSpecifications", "name"],
    source: "terraform-provider-aws, aws_emr_instance_fleet",
  },
  "aws:emr/managedScalingPolicy:ManagedScalingPolicy": {
    properties: ["clusterId", "computeLimits"],
    source: "terraform-provider-aws, aws_emr_managed_scaling_policy",
  },
  "aws:emr/securityConfiguration:SecurityConfiguration": {
    properties: ["configuration", "name", "namePrefix"],
    source: "EMR: a security configuration cannot be modified",
  },
  "aws:glue/catalogDatabase:CatalogDatabase": NAMED("catalogId", "name"),
  "aws:glue/catalogTable:CatalogTable": NAMED("catalogId", "databaseName", "name"),
  "aws:iam/instanceProfile:InstanceProfile": NAMED("name", "namePrefix", "path"),
  "aws:iam/policy:Policy": NAMED("description", "name", "namePrefix", "path"),
  "aws:iam/role:Role": NAMED("name", "namePrefix", "path"),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    properties: ["destination", "kinesisSourceConfiguration", "name"],
    source: "terraform-provider-aws, aws_kinesis_firehose_delivery_stream",
  },
  "aws:kinesis/stream:Stream": NAMED("name"),
  "aws:kms/alias:Alias": NAMED("name", "namePrefix"),
  "aws:kms/key:Key": NAMED("customerMasterKeySpec", "keyUsage", "multiRegion"),
  "aws:s3/bucket:Bucket": NAMED("bucket", "bucketPrefix", "objectLockEnabled"),
  "aws:s3/bucketObjectv2:BucketObjectv2": NAMED("bucket", "key"),
  "aws:s3/bucketPolicy:BucketPolicy": NAMED("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": NAMED("bucket"),
  "aws:scheduler/schedule:Schedule": NAMED("groupName", "name"),
  "aws:sfn/stateMachine:StateMachine": NAMED("name", "namePrefix", "type"),
  "aws:sns/topic:Topic": NAMED("fifoTopic", "name", "namePrefix"),
  "aws:sqs/queue:Queue": NAMED("fifoQueue", "name", "namePrefix"),
  "awsx:ec2:Vpc": { properties: ["cidrBlock"], source: PROVIDER },
  "tls:index/privateKey:PrivateKey": NAMED("algorithm", "ecdsaCurve", "rsaBits"),
  "tls:index/selfSignedCert:SelfSignedCert": NAMED(
    "allowedUses",
    "dnsNames",
    "privateKeyPem",
    "subject",
    "validityPeriodHours",
  ),
};

/** Properties of a type whose change makes a new resource. */
export function forcingProperties(type: string): readonly string[] {
  return REPLACEMENTS[type]?.properties ?? [];
}
