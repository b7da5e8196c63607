import { expect } from "vitest";
import { allows, list, type AuditedPlan, type ControlCheck } from "./audited-plan";

const KMS_ARN = /^arn:aws:kms:.*:key\//;
const policiesOfQueues = (plan: AuditedPlan) => plan.policiesOf("aws:sqs/queuePolicy:QueuePolicy");

export const MESSAGE_CONTROLS: readonly ControlCheck[] = [
  {
    rows: [89, 90],
    says: "every log group is encrypted with a customer's key and keeps its lines for a year or more, not for ever",
    check: (plan) => {
      const groups = plan.inputsOf("aws:cloudwatch/logGroup:LogGroup");
      expect(groups.length).toBeGreaterThan(3);
      for (const { name, kmsKeyId, retentionInDays } of groups) {
        expect(kmsKeyId, name as string).toMatch(KMS_ARN);
        expect(retentionInDays, name as string).toBeGreaterThanOrEqual(365);
      }
    },
  },
  {
    rows: [91],
    says: "no alarm is silent",
    check: (plan) => {
      const silent = plan.recorded
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(({ inputs }) => inputs["actionsEnabled"] === false || !Array.isArray(inputs["alarmActions"]));
      expect(silent).toEqual([]);
    },
  },
  {
    rows: [92, 93, 94],
    says: "every topic is encrypted, not public, and takes nothing in the clear",
    check: (plan) => {
      const topics = plan.inputsOf("aws:sns/topic:Topic");
      const policies = plan.policiesOf("aws:sns/topicPolicy:TopicPolicy");
      expect(topics.length).toBeGreaterThan(0);
      expect(policies).toHaveLength(topics.length);
      for (const { kmsMasterKeyId } of topics) expect(kmsMasterKeyId).toMatch(KMS_ARN);
      for (const { name, statements } of policies) {
        for (const { Principal } of statements.filter(allows)) expect(Principal, name).toHaveProperty("Service");
        expect(statements, name).toContainEqual(
          expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        );
      }
      const plain = plan
        .inputsOf("aws:sns/topicSubscription:TopicSubscription")
        .filter(({ protocol }) => protocol === "http");
      expect(plain).toEqual([]);
    },
  },
  {
    rows: [95, 96, 97],
    says: "every queue is encrypted with a customer's key, takes nothing in the clear and nothing from everybody",
    check: (plan) => {
      const queues = plan.inputsOf("aws:sqs/queue:Queue");
      expect(queues.filter(({ kmsMasterKeyId }) => !KMS_ARN.test((kmsMasterKeyId ?? "") as string))).toEqual([]);
      expect(policiesOfQueues(plan)).toHaveLength(queues.length);
      for (const { name, statements } of policiesOfQueues(plan)) {
        for (const { Principal } of statements.filter(allows))
          expect(list(Principal as string), name).not.toContain("*");
        expect(statements, name).toContainEqual(
          expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        );
      }
    },
  },
  {
    rows: [40, 41, 42],
    says: "every stream is encrypted with a customer's key and keeps records for a week",
    check: (plan) => {
      const streams = plan.inputsOf("aws:kinesis/stream:Stream");
      expect(streams).toHaveLength(1);
      for (const inputs of streams) {
        expect(inputs).toMatchObject({ encryptionType: "KMS", retentionPeriod: 168 });
        expect(inputs["kmsKeyId"]).toMatch(KMS_ARN);
      }
    },
  },
  {
    rows: [112],
    says: "every new volume of the account is encrypted",
    check: (plan) =>
      expect(plan.inputsOf("aws:ebs/encryptionByDefault:EncryptionByDefault")).toEqual([{ enabled: true }]),
  },
  {
    rows: [115],
    says: "every DynamoDB table is encrypted with a customer's key, backed up, and not deleted by one call",
    check: (plan) => {
      const tables = plan.inputsOf("aws:dynamodb/table:Table");
      expect(tables).toHaveLength(2);
      for (const inputs of tables) {
        expect(inputs).toMatchObject({
          serverSideEncryption: { enabled: true, kmsKeyArn: expect.stringMatching(KMS_ARN) as string },
          pointInTimeRecovery: { enabled: true },
          deletionProtectionEnabled: true,
        });
        expect(inputs).not.toHaveProperty("ttl");
      }
    },
  },
];
