/** Why a change of these properties makes a new resource instead of updating the old one. */
export interface Replacement {
  readonly properties: readonly string[];
  readonly source: string;
}

/** Properties that the schema of a resource of the AWS provider marks with ForceNew. The provider is Terraform's, bridged. */
function forced(resource: string, ...properties: readonly string[]): Replacement {
  return { properties, source: `the AWS provider's schema (${resource}: forces a new resource)` };
}

/**
 * Properties that force replacement, for every type that Basin declares; empty where everything is changed in place. What
 * a program says before the engine is asked; the engine has the last word.
 */
export const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  "aws:athena/workgroup:Workgroup": forced("aws_athena_workgroup", "name"),
  "aws:budgets/budget:Budget": forced("aws_budgets_budget", "accountId", "name", "namePrefix"),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": forced("aws_cloudwatch_composite_alarm", "alarmName"),
  "aws:cloudwatch/dashboard:Dashboard": forced("aws_cloudwatch_dashboard", "dashboardName"),
  "aws:cloudwatch/eventBus:EventBus": forced("aws_cloudwatch_event_bus", "eventSourceName", "name"),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": forced("aws_cloudwatch_event_bus_policy", "eventBusName"),
  "aws:cloudwatch/eventRule:EventRule": forced("aws_cloudwatch_event_rule", "eventBusName", "name", "namePrefix"),
  "aws:cloudwatch/eventTarget:EventTarget": forced("aws_cloudwatch_event_target", "eventBusName", "rule", "targetId"),
  "aws:cloudwatch/logGroup:LogGroup": forced("aws_cloudwatch_log_group", "name", "namePrefix"),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": forced("aws_cloudwatch_log_resource_policy", "policyName"),
  "aws:cloudwatch/logStream:LogStream": forced("aws_cloudwatch_log_stream", "logGroupName", "name"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": forced("aws_cloudwatch_metric_alarm", "name"),
  "aws:dms/endpoint:Endpoint": forced("aws_dms_endpoint", "endpointId", "kmsKeyArn"),
  "aws:dms/replicationConfig:ReplicationConfig": forced(
    "aws_dms_replication_config",
    "replicationConfigIdentifier",
    "resourceIdentifier",
  ),
  "aws:dms/replicationInstance:ReplicationInstance": forced(
    "aws_dms_replication_instance",
    "availabilityZone",
    "kmsKeyArn",
    "publiclyAccessible",
    "replicationInstanceId",
    "replicationSubnetGroupId",
  ),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": forced(
    "aws_dms_replication_subnet_group",
    "replicationSubnetGroupId",
  ),
  "aws:dms/replicationTask:ReplicationTask": forced(
    "aws_dms_replication_task",
    "replicationTaskId",
    "resourceIdentifier",
    "sourceEndpointArn",
    "targetEndpointArn",
  ),
  "aws:dms/s3Endpoint:S3Endpoint": forced("aws_dms_s3_endpoint", "endpointId", "kmsKeyArn"),
  "aws:dynamodb/table:Table": forced("aws_dynamodb_table", "hashKey", "name", "rangeKey"),
  "aws:ebs/encryptionByDefault:EncryptionByDefault": forced("aws_ebs_encryption_by_default"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": forced("aws_default_security_group", "vpcId"),
  "aws:ec2/flowLog:FlowLog": forced(
    "aws_flow_log",
    "destinationOptions",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "trafficType",
    "vpcId",
  ),
  "aws:ec2/route:Route": forced("aws_route", "destinationCidrBlock", "routeTableId"),
  "aws:ec2/securityGroup:SecurityGroup": forced("aws_security_group", "description", "name", "namePrefix", "vpcId"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": forced("aws_vpc_endpoint", "serviceName", "vpcEndpointType", "vpcId"),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": forced(
    "aws_vpc_peering_connection",
    "peerOwnerId",
    "peerRegion",
    "peerVpcId",
    "vpcId",
  ),
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": forced(
    "aws_ec2_transit_gateway_vpc_attachment",
    "transitGatewayId",
    "vpcId",
  ),
  "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration": forced(
    "aws_emr_block_public_access_configuration",
  ),
  "aws:emr/cluster:Cluster": forced(
    "aws_emr_cluster",
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
  ),
  "aws:emr/instanceFleet:InstanceFleet": forced(
    "aws_emr_instance_fleet",
    "clusterId",
    "instanceTypeConfigs",
    "launchSpecifications",
    "name",
  ),
  "aws:emr/managedScalingPolicy:ManagedScalingPolicy": forced(
    "aws_emr_managed_scaling_policy",
    "clusterId",
    "computeLimits",
  ),
  "aws:emr/securityConfiguration:SecurityConfiguration": {
    properties: ["configuration", "name", "namePrefix"],
    source: "EMR: a security configuration cannot be modified",
  },
  "aws:glue/catalogDatabase:CatalogDatabase": forced("aws_glue_catalog_database", "catalogId", "name"),
  "aws:glue/catalogTable:CatalogTable": forced("aws_glue_catalog_table", "catalogId", "databaseName", "name"),
  "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": forced(
    "aws_glue_data_catalog_encryption_settings",
    "catalogId",
  ),
  "aws:glue/resourcePolicy:ResourcePolicy": forced("aws_glue_resource_policy"),
  "aws:iam/instanceProfile:InstanceProfile": forced("aws_iam_instance_profile", "name", "namePrefix", "path"),
  "aws:iam/policy:Policy": forced("aws_iam_policy", "description", "name", "namePrefix", "path"),
  "aws:iam/role:Role": forced("aws_iam_role", "name", "namePrefix", "path"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": forced("aws_iam_role_policy_attachment", "policyArn", "role"),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": forced(
    "aws_kinesis_firehose_delivery_stream",
    "destination",
    "kinesisSourceConfiguration",
    "name",
  ),
  "aws:kinesis/stream:Stream": forced("aws_kinesis_stream", "name"),
  "aws:kms/alias:Alias": forced("aws_kms_alias", "name", "namePrefix"),
  "aws:kms/key:Key": forced("aws_kms_key", "customerMasterKeySpec", "keyUsage", "multiRegion"),
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": forced("aws_s3_account_public_access_block", "accountId"),
  "aws:s3/bucket:Bucket": forced("aws_s3_bucket", "bucket", "bucketPrefix", "objectLockEnabled"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": forced(
    "aws_s3_bucket_lifecycle_configuration",
    "bucket",
  ),
  "aws:s3/bucketLogging:BucketLogging": forced("aws_s3_bucket_logging", "bucket"),
  "aws:s3/bucketMetric:BucketMetric": forced("aws_s3_bucket_metric", "bucket", "name"),
  "aws:s3/bucketNotification:BucketNotification": forced("aws_s3_bucket_notification", "bucket"),
  "aws:s3/bucketObjectv2:BucketObjectv2": forced("aws_s3_object", "bucket", "key"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": forced("aws_s3_bucket_ownership_controls", "bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": forced("aws_s3_bucket_policy", "bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": forced("aws_s3_bucket_public_access_block", "bucket"),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": forced("aws_s3_bucket_replication_configuration", "bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": forced(
    "aws_s3_bucket_server_side_encryption_configuration",
    "bucket",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": forced("aws_s3_bucket_versioning", "bucket"),
  "aws:s3/inventory:Inventory": forced("aws_s3_bucket_inventory", "bucket", "name"),
  "aws:scheduler/schedule:Schedule": forced("aws_scheduler_schedule", "groupName", "name"),
  "aws:sfn/stateMachine:StateMachine": forced("aws_sfn_state_machine", "name", "namePrefix", "type"),
  "aws:sns/topic:Topic": forced("aws_sns_topic", "fifoTopic", "name", "namePrefix"),
  "aws:sns/topicPolicy:TopicPolicy": forced("aws_sns_topic_policy", "arn"),
  "aws:sns/topicSubscription:TopicSubscription": forced("aws_sns_topic_subscription", "endpoint", "protocol", "topic"),
  "aws:sqs/queue:Queue": forced("aws_sqs_queue", "fifoQueue", "name", "namePrefix"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": forced(
    "aws_vpc_security_group_egress_rule",
    "securityGroupId",
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": forced(
    "aws_vpc_security_group_ingress_rule",
    "securityGroupId",
  ),
  "awsx:ec2:Vpc": { properties: ["cidrBlock"], source: "the VPC's CIDR block, which AWS does not change" },
  "tls:index/privateKey:PrivateKey": {
    properties: ["algorithm", "ecdsaCurve", "rsaBits"],
    source: "the TLS provider's schema (tls_private_key)",
  },
  "tls:index/selfSignedCert:SelfSignedCert": {
    properties: ["allowedUses", "dnsNames", "privateKeyPem", "subject", "validityPeriodHours"],
    source: "the TLS provider's schema (tls_self_signed_cert)",
  },
};

/** Properties of a type whose change makes a new resource. */
export function forcingProperties(type: string): readonly string[] {
  return REPLACEMENTS[type]?.properties ?? [];
}
