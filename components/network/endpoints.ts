import { KEY_USE } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { DESCRIBE_CLUSTER, READ_CATALOGUE } from "../spark-cluster/node-statements";

/** An AWS service that private nodes reach by an interface in their own subnets. */
export interface InterfaceEndpoint {
  /** Last part of the endpoint's service name, `com.amazonaws.<region>.<service>`. */
  readonly service: string;
  /** Why the stack needs it. */
  readonly reason: string;
  /** All that may be asked for through it. */
  readonly actions: readonly string[];
}

const ALWAYS: readonly InterfaceEndpoint[] = [
  {
    service: "logs",
    reason: "the CloudWatch agent sends the nodes' logs",
    actions: ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
  },
  {
    service: "monitoring",
    reason: "the CloudWatch agent and the jobs send metrics",
    actions: ["cloudwatch:PutMetricData"],
  },
  {
    service: "kms",
    reason: "nodes decrypt their disks and the lake's objects",
    actions: KEY_USE,
  },
  {
    service: "sts",
    reason: "AWS clients on the nodes ask who they are",
    actions: ["sts:AssumeRole", "sts:GetCallerIdentity"],
  },
  {
    service: "glue",
    reason: "Spark finds its tables in the Glue catalogue",
    actions: READ_CATALOGUE,
  },
  {
    service: "elasticmapreduce",
    reason: "nodes describe their cluster",
    actions: DESCRIBE_CLUSTER,
  },
  {
    service: "ssm",
    reason: "people reach a node by Session Manager: no port is open for SSH",
    actions: [
      "ssm:DescribeAssociation",
      "ssm:DescribeDocument",
      "ssm:GetDeployablePatchSnapshotForInstance",
      "ssm:GetDocument",
      "ssm:GetManifest",
      "ssm:ListAssociations",
      "ssm:ListInstanceAssociations",
      "ssm:PutComplianceItems",
      "ssm:PutConfigurePackageResult",
      "ssm:PutInventory",
      "ssm:UpdateAssociationStatus",
      "ssm:UpdateInstanceAssociationStatus",
      "ssm:UpdateInstanceInformation",
    ],
  },
  {
    service: "ssmmessages",
    reason: "carries a Session Manager session",
    actions: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
  },
  {
    service: "ec2messages",
    reason: "the agent of Session Manager on EMR's image still polls it",
    actions: [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
    ],
  },
];

/** Only a standing cluster reads streams itself; per-run clusters read what Firehose has archived. */
const DIRECT_STREAMS: InterfaceEndpoint = {
  service: "kinesis-streams",
  reason: "a standing cluster reads streams directly",
  actions: [
    "kinesis:DeregisterStreamConsumer",
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamConsumer",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreamConsumers",
    "kinesis:RegisterStreamConsumer",
    "kinesis:SubscribeToShard",
  ],
};

/** DMS in a private subnet reads its sources' passwords by it. Source: DMS user guide, VPC endpoints. */
const SOURCE_SECRETS: InterfaceEndpoint = {
  service: "secretsmanager",
  reason: "DMS reads the passwords of source databases",
  actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
};

/** The interface endpoints that this stack really uses: each costs by the hour and zone. */
export function chooseEndpoints({
  settings,
  datasets,
}: Pick<Environment, "settings" | "datasets">): InterfaceEndpoint[] {
  const standing = Object.keys(settings.spark.standing).length > 0;
  const readsStreams = standing && datasets.some(({ source }) => source.kind === "stream");
  const readsSources = Object.keys(settings.connections).length > 0;
  return [...ALWAYS, ...(readsStreams ? [DIRECT_STREAMS] : []), ...(readsSources ? [SOURCE_SECRETS] : [])];
}

/**
 * Zones that each interface endpoint stands in. dev lives with one, and with the traffic between zones that follows:
 * when that zone fails, dev waits.
 */
export function endpointZones({
  environment,
  network,
}: Pick<Environment["settings"], "environment" | "network">): number {
  return environment === "prod" ? network.zones : 1;
}
