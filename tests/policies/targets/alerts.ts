import type { Target } from "../break";

export const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
export const BUDGET = "aws:budgets/budget:Budget";
export const watchTargets: readonly Target[] = [
  { rule: "sns-topic-encryption", type: "aws:sns/topic:Topic", at: "kmsMasterKeyId", wrong: ["alias/aws/sns"] },
  { rule: "sns-topic-tls", type: TOPIC_POLICY, at: "policy|Statement{Sid=DenyPlainTransport}.Condition", wrong: [{}] },
  {
    rule: "resource-policy-confused-deputy",
    type: TOPIC_POLICY,
    at: "policy|Statement{Sid=AllowAlarms}.Condition",
    wrong: [{ Bool: { "aws:SecureTransport": "true" } }],
  },
  {
    rule: "sns-subscription-tls",
    type: "aws:sns/topicSubscription:TopicSubscription",
    at: "protocol",
    wrong: ["http"],
    without: ["removed"],
  },
  { rule: "cloudwatch-log-group-encryption", type: "aws:cloudwatch/logGroup:LogGroup", at: "kmsKeyId", wrong: [""] },
  {
    rule: "cloudwatch-log-group-retention",
    type: "aws:cloudwatch/logGroup:LogGroup",
    at: "retentionInDays",
    wrong: [30, "400 days"],
  },
  {
    rule: "emr-cluster-tags",
    type: MACHINE,
    at: "definition|States{Resource=arn:aws:states:::aws-sdk:emr:runJobFlow}.Parameters.Tags",
    wrong: [[], "basin", [{ Key: "cost-centre", Value: "x" }]],
  },
  {
    rule: "stepfunctions-state-machine-logging",
    type: MACHINE,
    at: "loggingConfiguration.level",
    wrong: ["ERROR", "OFF"],
  },
  {
    rule: "stepfunctions-state-machine-logging",
    type: MACHINE,
    at: "loggingConfiguration.logDestination",
    wrong: ["arn"],
  },
  { rule: "stepfunctions-state-machine-tracing", type: MACHINE, at: "tracingConfiguration.enabled", wrong: [false] },
];
