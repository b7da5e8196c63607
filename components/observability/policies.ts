import { administration, serviceUse, throughServices } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";

type Scope = Pick<Environment, "names" | "settings">;

/**
 * The alerts key: used by what publishes to the topic. EventBridge sends no source with its calls to KMS, so a condition
 * on it would silence every alert (SNS developer guide, key management); this is why the topic has a key of its own.
 */
export function alertsKeyPolicy(scope: Scope): PolicyDocument {
  return policyDocument([
    administration(scope),
    throughServices(scope, ["sns"]),
    serviceUse(scope, "cloudwatch.amazonaws.com", "UsedByAlarms", alarms(scope)),
    ...(scope.settings.budget
      ? [
          serviceUse(scope, "budgets.amazonaws.com", "UsedByBudget", budgets(scope)),
          serviceUse(scope, "costalerts.amazonaws.com", "UsedByCostAnomalies", anomalies(scope)),
        ]
      : []),
    {
      Sid: "UsedByEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
    },
  ]);
}

/** Who may publish an alert, and never in the clear. */
export function alertsTopicPolicy(scope: Scope, topicArn: string): PolicyDocument {
  const { settings } = scope;
  return policyDocument([
    {
      Sid: "DenyPlainTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "AllowAlarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: {
        StringEquals: { "aws:SourceAccount": settings.accountId },
        ArnLike: { "aws:SourceArn": alarms(scope) },
      },
    },
    ...(settings.budget
      ? [
          costPublishes(scope, topicArn, "AllowBudget", "budgets.amazonaws.com", budgets(scope)),
          costPublishes(scope, topicArn, "AllowCostAnomalies", "costalerts.amazonaws.com", anomalies(scope)),
        ]
      : []),
    {
      // No condition: EventBridge publishes without a source (EventBridge user guide, SNS permissions).
      Sid: "AllowEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
    },
  ]);
}

/** Lets rules of EventBridge write into their log group. */
export function eventLogPolicy({ names }: Scope, logGroup: string, rules: readonly string[]): PolicyDocument {
  const group = names.arn("logs", `log-group:${logGroup}:*`);
  const service = { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] };
  return policyDocument([
    { Sid: "CreateStreams", Effect: "Allow", Principal: service, Action: "logs:CreateLogStream", Resource: group },
    {
      Sid: "PutEvents",
      Effect: "Allow",
      Principal: service,
      Action: "logs:PutLogEvents",
      Resource: group,
      Condition: { ArnEquals: { "aws:SourceArn": rules.map((rule) => names.arn("events", `rule/${rule}`)) } },
    },
  ]);
}

/** Source of the condition: Billing and Cost Management guide, SNS topics for budget and anomaly notifications. */
function costPublishes(scope: Scope, topicArn: string, sid: string, service: string, sources: string): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: {
      StringEquals: { "aws:SourceAccount": scope.settings.accountId },
      ArnLike: { "aws:SourceArn": sources },
    },
  };
}

/** Budgets have no region: their ARN is `arn:aws:budgets::<account>:*`. */
function budgets({ settings }: Scope): string {
  return `arn:aws:budgets::${settings.accountId}:*`;
}

/** Nor have anomaly subscriptions: `arn:aws:ce::<account>:anomalysubscription/*`. */
function anomalies({ settings }: Scope): string {
  return `arn:aws:ce::${settings.accountId}:anomalysubscription/*`;
}

function alarms({ names }: Scope): string {
  return names.arn("cloudwatch", `alarm:${names.inAccount("*")}`);
}
