/** A policy's size in characters, by what has it. Source: each service's quotas. */
export const LARGEST_POLICY: Readonly<Record<string, number>> = {
  "aws:iam/policy:Policy": 6_144,
  "aws:iam/role:Role": 2_048,
  "aws:s3/bucketPolicy:BucketPolicy": 20_480,
  "aws:kms/key:Key": 32_768,
  "aws:sns/topicPolicy:TopicPolicy": 30_720,
  "aws:ec2/vpcEndpoint:VpcEndpoint": 20_480,
  "aws:glue/resourcePolicy:ResourcePolicy": 10_240,
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": 5_120,
};

/** Statements that reach every resource, because their service knows no finer: by Sid. */
export const KNOW_NO_RESOURCE = new Set(["PublishMetrics", "OpenSessions", "FindClusters", "DeliverLogs", "Trace"]);
