import type { Dataset } from "../../declarations/dataset";
import { READ_TABLES } from "../data-lake/read-tables";
import type { Environment } from "../environment";
import { jobsLog, logGroupName } from "../observability/log-group";
import type { Statement } from "../policy-document";
import { fanOutConsumer, streamArn } from "../stream-ingest/policies";
import type { NodesScope } from "./policies";

/** What a node asks of EMR; the endpoint of a private subnet lets through no more. */
export const DESCRIBE_CLUSTER = [
  "elasticmapreduce:DescribeCluster",
  "elasticmapreduce:DescribeStep",
  "elasticmapreduce:ListBootstrapActions",
  "elasticmapreduce:ListInstanceFleets",
  "elasticmapreduce:ListInstances",
  "elasticmapreduce:ListSteps",
] as const;

/** A standing cluster's own reading of a stream, as its connector asks. */
export const READ_STREAM = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
] as const;

/** How Spark finds its tables. */
export const READ_CATALOGUE = [...READ_TABLES, "glue:GetUserDefinedFunctions"] as const;

/** Reading the cluster's own streams, where it has a way to them. */
export function streamStatements(
  { names, capacity, settings }: Environment,
  datasets: readonly Dataset[],
  streamsKeyArn: string | undefined,
): Statement[] {
  const streams = datasets.filter(({ source }) => source.kind === "stream");
  if (streamsKeyArn === undefined || streams.length === 0) return [];
  const arns = streams.map(({ name }) => streamArn({ names }, name));
  const fannedOut = streams
    .filter(({ name }) => capacity.streams.some(({ dataset, fanOut }) => fanOut && dataset === name))
    .map(({ name }) => streamArn({ names }, name));
  return [
    { Sid: "ReadStreams", Effect: "Allow", Action: [...READ_STREAM], Resource: arns },
    ...(fannedOut.length === 0 ? [] : fanOutStatements(fannedOut, fanOutConsumer(names))),
    {
      Sid: "DecryptStreams",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: streamsKeyArn,
      Condition: { StringEquals: { "kms:ViaService": `kinesis.${settings.region}.amazonaws.com` } },
    },
  ];
}

/** The connector registers its consumer when it starts, and takes it away when it stops. */
function fanOutStatements(streams: readonly string[], consumer: string): Statement[] {
  return [
    {
      Sid: "RegisterConsumers",
      Effect: "Allow",
      Action: ["kinesis:ListStreamConsumers", "kinesis:RegisterStreamConsumer"],
      Resource: streams,
    },
    {
      Sid: "ReadByFanOut",
      Effect: "Allow",
      Action: ["kinesis:DeregisterStreamConsumer", "kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"],
      Resource: streams.map((stream) => `${stream}/consumer/${consumer}:*`),
    },
  ];
}

/** What a node does for itself: logs, metrics, its own cluster, and Session Manager instead of SSH. */
export function nodeStatements(environment: Environment, size: NodesScope): Statement[] {
  const { names } = environment;
  return [
    {
      Sid: "DescribeItsCluster",
      Effect: "Allow",
      Action: [...DESCRIBE_CLUSTER],
      Resource: names.arn("elasticmapreduce", "cluster/*"),
      Condition: { StringEquals: { "elasticmapreduce:ResourceTag/basin:pipeline": size.name } },
    },
    {
      // CloudWatch knows metrics by namespace only.
      Sid: "PublishMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["CWAgent", "Basin"] } },
    },
    {
      Sid: "TellWhatRuns",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: names.arn("logs", `log-group:${logGroupName(jobsLog(environment))}:*`),
    },
    {
      // Session Manager's channels have no ARN.
      Sid: "OpenSessions",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
  ];
}
