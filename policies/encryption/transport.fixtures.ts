import type { Rule, Subject } from "../rule";
import { stacks, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { bucketTransport, queueTransport, topicTransport } from "./transport";

const PLAIN = { Bool: { "aws:SecureTransport": "false" } };

function fixturesOf(rule: Rule, called: string, action: string, policyType: string, reference: string): Fixtures {
  const holder = subject(rule.types[0] ?? "", "it", { id: "it", arn: "arn:it", url: "https://it", bucket: "it" });
  const policy = (statement: Record<string, unknown>): Subject =>
    subject(policyType, "policy", { policy: JSON.stringify({ Statement: [statement] }) }, { [reference]: ["it"] });
  const deny = { Effect: "Deny", Principal: "*", Action: action, Resource: "*", Condition: PLAIN };
  return stacks(rule, `no policy of the ${called} refuses requests without TLS`, {
    passing: {
      "a deny": [holder, policy(deny)],
      "a deny where the key exists, which is always": [
        holder,
        policy({ ...deny, Condition: { BoolIfExists: { "aws:SecureTransport": false } } }),
      ],
      "a deny for the whole of it, by name": [holder, policy({ ...deny, Resource: ["arn:it", "arn:it/*"] })],
      "a deny for all accounts": [holder, policy({ ...deny, Principal: { AWS: "*" } })],
    },
    failing: {
      "no policy": [holder],
      "an allow": [holder, policy({ ...deny, Effect: "Allow" })],
      "a deny for some": [holder, policy({ ...deny, Principal: { AWS: "arn:aws:iam::111122223333:root" } })],
      "a deny for something else of the same name": [holder, policy({ ...deny, Resource: "arn:it/silver/*" })],
      "a deny of something else": [holder, policy({ ...deny, Action: "x:Get" })],
      "a deny of requests with TLS": [
        holder,
        policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ],
      "a deny that is narrowed further": [
        holder,
        policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } }),
      ],
      "the words in another place": [holder, policy({ ...deny, Sid: "aws:SecureTransport", Condition: {} })],
    },
  });
}

export const fixtures: readonly Fixtures[] = [
  fixturesOf(bucketTransport, "bucket", "s3:*", "aws:s3/bucketPolicy:BucketPolicy", "bucket"),
  fixturesOf(topicTransport, "topic", "sns:Publish", "aws:sns/topicPolicy:TopicPolicy", "arn"),
  fixturesOf(queueTransport, "queue", "sqs:*", "aws:sqs/queuePolicy:QueuePolicy", "queueUrl"),
];
