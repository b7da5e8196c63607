import type { Environment } from "../environment";
import type { Statement } from "../policy-document";
import { claimKey, lockTable } from "./claim";
import { EXECUTION_TAG, PIPELINE_TAG } from "../spark-cluster/recipe";

type Scope = Pick<Environment, "names" | "settings">;

export interface MachineReferences {
  readonly group: string;
  readonly serviceRoleArn: string;
  readonly nodesRoleArn: string;
  readonly alertsTopicArn: string;
}

/** What a group's state machine may do: make its own clusters, run steps on them, end them, and say what failed. */
export function machineStatements(scope: Scope, references: MachineReferences): Statement[] {
  const clusters = scope.names.arn("elasticmapreduce", "cluster/*");
  return [
    {
      Sid: "MakeItsClusters",
      Effect: "Allow",
      Action: ["elasticmapreduce:AddTags", "elasticmapreduce:RunJobFlow"],
      Resource: clusters,
      Condition: { StringEquals: { [`elasticmapreduce:RequestTag/${PIPELINE_TAG}`]: references.group } },
    },
    {
      Sid: "RunItsClusters",
      Effect: "Allow",
      Action: [
        "elasticmapreduce:AddJobFlowSteps",
        "elasticmapreduce:CancelSteps",
        "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:DescribeStep",
        "elasticmapreduce:ListInstances",
        "elasticmapreduce:TerminateJobFlows",
      ],
      Resource: clusters,
      Condition: { StringEquals: { [`elasticmapreduce:ResourceTag/${PIPELINE_TAG}`]: references.group } },
    },
    {
      Sid: "PassClusterRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: [references.serviceRoleArn, references.nodesRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "elasticmapreduce.amazonaws.com"] } },
    },
    {
      Sid: "LetEmrCleanUp",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: scope.names.arn(
        "iam",
        "role/aws-service-role/elasticmapreduce.amazonaws.com/AWSServiceRoleForEMRCleanup",
      ),
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticmapreduce.amazonaws.com" } },
    },
    ...announceStatements(scope, references.alertsTopicArn),
    ...observedStatements(),
  ];
}

/**
 * How a machine claims its run, so that it does not overlap with itself.
 *
 * @param machines those whose executions may hold the claim
 */
export function claimStatements({ names }: Scope, claims: readonly string[], machines: readonly string[]): Statement[] {
  return [
    {
      Sid: "ClaimItsRun",
      Effect: "Allow",
      Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
      Resource: names.arn("dynamodb", `table/${lockTable(names)}`),
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": claims.map(claimKey) } },
    },
    {
      Sid: "LookAtItsExecutions",
      Effect: "Allow",
      Action: "states:DescribeExecution",
      Resource: machines.map((machine) => names.arn("states", `execution:${machine}:*`)),
    },
  ];
}

/** What the clean-up may do: find the clusters of an execution that broke off, end them, and say so. */
export function cleanupStatements(scope: Scope, alertsTopicArn: string): Statement[] {
  const stack = `${scope.settings.prefix}-${scope.settings.stack}`;
  return [
    // A search by tag has no resource to name.
    { Sid: "FindClusters", Effect: "Allow", Action: "tag:GetResources", Resource: "*" },
    {
      Sid: "TerminateThisStacksClusters",
      Effect: "Allow",
      Action: "elasticmapreduce:TerminateJobFlows",
      Resource: scope.names.arn("elasticmapreduce", "cluster/*"),
      Condition: {
        StringEquals: { "elasticmapreduce:ResourceTag/basin:stack": stack },
        Null: { [`elasticmapreduce:ResourceTag/${EXECUTION_TAG}`]: "false" },
      },
    },
    ...announceStatements(scope, alertsTopicArn),
    ...observedStatements(),
  ];
}

/** What a schedule or a rule may do. */
export function startStatements(stateMachineArns: string | readonly string[]): Statement[] {
  return [{ Sid: "StartIt", Effect: "Allow", Action: "states:StartExecution", Resource: stateMachineArns }];
}

/** The topic is encrypted under a key of this stack; keys are told by their alias, which is a name. */
export function announceStatements({ names }: Scope, alertsTopicArn: string): Statement[] {
  return [
    { Sid: "Announce", Effect: "Allow", Action: "sns:Publish", Resource: alertsTopicArn },
    {
      Sid: "EncryptAnnouncements",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: names.arn("kms", "key/*"),
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias/${names.inAccount("*")}` } },
    },
  ];
}

/** CloudWatch's log delivery and X-Ray know no resources. Source: Step Functions developer guide. */
export function observedStatements(): Statement[] {
  return [
    {
      Sid: "DeliverLogs",
      Effect: "Allow",
      Action: [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ],
      Resource: "*",
    },
    {
      Sid: "Trace",
      Effect: "Allow",
      Action: ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
      Resource: "*",
    },
  ];
}
