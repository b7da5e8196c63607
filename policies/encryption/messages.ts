import { isOwnKey, propertyRule } from "../property-rule";
import { object, text } from "../reading";

/** Alarms cannot publish to a topic under `alias/aws/sns`: nobody may let CloudWatch use that key. */
export const topicEncryption = propertyRule({
  name: "sns-topic-encryption",
  group: "encryption",
  description: "A topic is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:sns/topic:Topic"],
  value: (props) => props.kmsMasterKeyId,
  holds: isOwnKey,
  message: "the topic is not encrypted with a key of your own",
  fix: "kmsMasterKeyId: key.arn",
});

export const queueEncryption = propertyRule({
  name: "sqs-queue-encryption",
  group: "encryption",
  description: "A queue is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:sqs/queue:Queue"],
  value: (props) => props.kmsMasterKeyId,
  holds: isOwnKey,
  message: "the queue is not encrypted with a key of your own",
  fix: "kmsMasterKeyId: key.arn",
});

export const logGroupEncryption = propertyRule({
  name: "cloudwatch-log-group-encryption",
  group: "encryption",
  description: "A log group is encrypted with a customer-managed key.",
  enforcement: "mandatory",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  value: (props) => props.kmsKeyId,
  holds: isOwnKey,
  message: "the log group is not encrypted with a key of your own",
  fix: "kmsKeyId: key.arn",
});

export const stateMachineEncryption = propertyRule({
  name: "stepfunctions-state-machine-encryption",
  group: "encryption",
  description: "A state machine's definition and executions are encrypted with a customer-managed key.",
  // Executions hold names and counts, no rows: the service's own key is a choice that one may make.
  enforcement: "advisory",
  types: ["aws:sfn/stateMachine:StateMachine"],
  value: (props) => props.encryptionConfiguration,
  holds: (value) => object(value).type === "CUSTOMER_MANAGED_KMS_KEY" && isOwnKey(object(value).kmsKeyId),
  message: "definition and executions are encrypted with AWS's own key",
  fix: 'encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: key.arn }',
});

export const plainSubscription = propertyRule({
  name: "sns-subscription-tls",
  group: "encryption",
  description: "No subscription takes messages over plain HTTP.",
  enforcement: "mandatory",
  types: ["aws:sns/topicSubscription:TopicSubscription"],
  value: (props) => props.protocol,
  holds: (protocol, props) => protocol !== "http" && text(props.endpoint)?.startsWith("http://") !== true,
  message: "messages go to the subscriber in plain text",
  fix: 'protocol: "https"',
});
