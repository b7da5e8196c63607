import { coversAction, isPublic, statementsOf } from "../models/policy-document";
import { text, texts } from "../reading";
import type { Props, Rule } from "../rule";

/** Resource policies by type: the property that holds the document. */
const HOLDERS: Readonly<Record<string, string>> = {
  "aws:athena/capacityReservation:CapacityReservation": "policy",
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
  "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
  "aws:glue/resourcePolicy:ResourcePolicy": "policy",
  "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:s3/accessPoint:AccessPoint": "policy",
  "aws:s3/bucket:Bucket": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:s3control/accessPointPolicy:AccessPointPolicy": "policy",
  "aws:secretsmanager/secret:Secret": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topic:Topic": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queue:Queue": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

const NARROW = 'Condition: { StringEquals: { "aws:PrincipalAccount": accountId } }';

/** A condition must keep strangers out by what only one's own callers have; `Null` and `…IfExists` do not. */
export const policyNotPublic: Rule = {
  name: "resource-policy-not-public",
  group: "access",
  description: "No policy of a bucket, key, stream, topic, queue, table, secret or catalogue lets in everybody.",
  enforcement: "mandatory",
  types: Object.keys(HOLDERS),
  scope: "resource",
  *check({ type, props }) {
    for (const statement of statementsOf(props[HOLDERS[type] ?? ""])) {
      if (!isPublic(statement)) continue;
      const message = `statement ${statement.sid || "without a Sid"} lets in everybody`;
      yield { message, value: { principals: statement.principals, condition: statement.condition }, fix: NARROW };
    }
  },
};

/** Services act for all their customers: without the condition another account's bucket or rule may be the reason. */
export const policyConfusedDeputy: Rule = {
  name: "resource-policy-confused-deputy",
  group: "access",
  description: "An AWS service is let in only on behalf of this account or resource.",
  enforcement: "mandatory",
  types: Object.keys(HOLDERS).filter((type) => !type.startsWith("aws:kms/")),
  scope: "resource",
  *check({ type, props }) {
    for (const { effect, services, actions, condition, sid } of statementsOf(props[HOLDERS[type] ?? ""])) {
      const acting = services.filter((service) => !namesNoSource(service, type, actions));
      if (effect !== "Allow" || acting.length === 0 || actsForOne(condition)) continue;
      const message = `statement ${sid || "without a Sid"} lets in a service on behalf of any account`;
      yield { message, value: acting, fix: 'Condition: { StringEquals: { "aws:SourceAccount": accountId } }' };
    }
  },
};

/**
 * EventBridge publishes to topics, and makes log streams, without saying for whom: a condition would refuse it too
 * (EventBridge user guide, resource-based policies). An empty log stream does no harm; a message to a topic is only text.
 */
function namesNoSource(service: string, type: string, actions: readonly string[]): boolean {
  if (service === "events.amazonaws.com" && type.startsWith("aws:sns/")) return true;
  return (
    ["events.amazonaws.com", "delivery.logs.amazonaws.com"].includes(service) &&
    actions.join() === "logs:CreateLogStream"
  );
}

const SOURCES = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"];

/** Whether a condition says on whose behalf a service may act. */
export function actsForOne(condition: Props): boolean {
  return Object.entries(condition).some(([operator, keys]) => {
    if (!/^(ForAnyValue:)?(String|Arn)(Equals|Like)$/i.test(operator)) return false;
    return Object.entries(keys as Props).some(
      ([key, value]) => SOURCES.includes(key.toLowerCase()) && texts(value).every((each) => !/^\*+$/.test(each)),
    );
  });
}

export const bucketPolicyLockout: Rule = {
  name: "s3-bucket-policy-lockout",
  group: "access",
  description: "No bucket policy denies everything to everybody: only the root user could ever undo it.",
  enforcement: "mandatory",
  types: ["aws:s3/bucketPolicy:BucketPolicy"],
  scope: "resource",
  *check({ props }) {
    for (const statement of statementsOf(props.policy)) {
      const unconditional = Object.keys(statement.condition).length === 0;
      if (statement.effect !== "Deny" || !unconditional || !statement.principals.includes("*")) continue;
      if (!coversAction(statement, "s3:PutBucketPolicy")) continue;
      const message = `statement ${statement.sid || "without a Sid"} locks everybody out of the bucket`;
      yield { message, value: statement.actions, fix: "Condition: { … }" };
    }
  },
};

export const functionPermission: Rule = {
  name: "lambda-permission",
  group: "access",
  description: "A function is called by those who are named, and by services on behalf of this account only.",
  enforcement: "mandatory",
  types: ["aws:lambda/permission:Permission"],
  scope: "resource",
  *check({ props }) {
    const { principal, sourceArn, sourceAccount, principalOrgId } = props;
    const fix = "sourceArn: rule.arn";
    if (principal === "*" && principalOrgId === undefined) {
      yield { message: "everybody may call the function", value: principal, fix };
    } else if (
      (text(principal) ?? "").endsWith(".amazonaws.com") &&
      sourceArn === undefined &&
      sourceAccount === undefined
    ) {
      yield { message: "a service may call the function on behalf of any account", value: principal, fix };
    }
  },
};
