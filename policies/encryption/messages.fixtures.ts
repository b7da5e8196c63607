import { shapes, type Fixtures } from "../testing/fixtures";
import * as rules from "./messages";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

export const fixtures: readonly Fixtures[] = [
  shapes(rules.topicEncryption, "the topic is not encrypted with a key of your own", {
    passing: { "an own key": { kmsMasterKeyId: KEY } },
    failing: { nothing: {}, "AWS's own key": { kmsMasterKeyId: "alias/aws/sns" } },
  }),
  shapes(rules.queueEncryption, "the queue is not encrypted with a key of your own", {
    passing: { "an own key": { kmsMasterKeyId: "alias/mine" } },
    failing: { nothing: {}, "SQS's own key": { sqsManagedSseEnabled: true } },
  }),
  shapes(rules.logGroupEncryption, "the log group is not encrypted with a key of your own", {
    passing: { "an own key": { kmsKeyId: KEY } },
    failing: { nothing: {}, empty: { kmsKeyId: "" } },
  }),
  shapes(rules.stateMachineEncryption, "definition and executions are encrypted with AWS's own key", {
    passing: { "an own key": { encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: KEY } } },
    failing: { nothing: {}, "AWS's own key": { encryptionConfiguration: { type: "AWS_OWNED_KEY" } } },
  }),
  shapes(rules.plainSubscription, "messages go to the subscriber in plain text", {
    passing: { "an address of TLS": { protocol: "https", endpoint: "https://x" }, mail: { protocol: "email" } },
    failing: {
      "plain HTTP": { protocol: "http", endpoint: "http://x" },
      "a wrong scheme": { protocol: "https", endpoint: "http://x" },
    },
  }),
];
