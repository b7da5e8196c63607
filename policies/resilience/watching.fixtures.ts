import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./watching";

const queue = subject("aws:sqs/queue:Queue", "it", { url: "https://it", arn: "arn:it" });
const definition = (parameters: unknown): Record<string, unknown> => ({
  definition: JSON.stringify({ States: { Call: { Type: "Task", Parameters: parameters } } }),
});
const secretAt = (path: string): string =>
  `the definition holds what looks like a secret at States.Call.Parameters.${path}`;

const alarm = subject("aws:cloudwatch/metricAlarm:MetricAlarm", "it", { name: "lag" });
const composite = (alarmRule: string, more: Record<string, unknown>) =>
  subject("aws:cloudwatch/compositeAlarm:CompositeAlarm", "all", { alarmName: "all", alarmRule, ...more });

export const fixtures: readonly Fixtures[] = [
  shapes(rules.logRetention, "logs are gone within a year, or never go", {
    passing: { "a year": { retentionInDays: 365 } },
    failing: { "for ever": {}, "for ever, said so": { retentionInDays: 0 }, "a month": { retentionInDays: 30 } },
  }),
  together(
    shapes(rules.alarmActions, "the alarm tells nobody", {
      passing: { "a topic": { alarmActions: ["arn:topic"] } },
      failing: { nobody: {}, "switched off": { alarmActions: ["arn:topic"], actionsEnabled: false } },
    }),
    stacks(rules.alarmActions, "the alarm tells nobody", {
      passing: {
        "through a composite": [alarm, composite('ALARM("lag") OR ALARM("other")', { alarmActions: ["arn:topic"] })],
        "through a composite by ARN": [
          alarm,
          composite('ALARM("arn:aws:cloudwatch:us-east-1:111122223333:alarm:lag")', { alarmActions: ["arn:topic"] }),
        ],
      },
      failing: {
        "a composite of others": [alarm, composite('ALARM("lag-of-others")', { alarmActions: ["arn:topic"] })],
        "a composite that asks whether it is quiet": [alarm, composite('OK("lag")', { alarmActions: ["arn:topic"] })],
      },
    }),
  ),
  shapes(rules.machineLogging, "how an execution failed is not recorded", {
    passing: { all: { loggingConfiguration: { level: "ALL", logDestination: "arn:group:*" } } },
    failing: {
      nothing: {},
      "errors only": { loggingConfiguration: { level: "ERROR", logDestination: "arn:group:*" } },
      "a group without its star": { loggingConfiguration: { level: "ALL", logDestination: "arn:group" } },
    },
  }),
  shapes(rules.machineTracing, "executions leave no trace", {
    passing: { on: { tracingConfiguration: { enabled: true } } },
    failing: { nothing: {}, off: { tracingConfiguration: { enabled: false } } },
  }),
  together(
    shapes(rules.machineSecrets, secretAt("Password"), {
      passing: {
        "a path": definition({ "Password.$": "$.secret" }),
        "a reference": definition({ SecretToken: "arn:aws:secretsmanager:us-east-1:111122223333:secret:x" }),
        "an expression": definition({ Password: "{% $secret %}" }),
      },
      failing: { "a password": definition({ Password: "hunter2" }) },
    }),
    shapes(rules.machineSecrets, secretAt("Args"), {
      passing: {},
      failing: { "a key by its form": definition({ Args: `x AKIA${"A".repeat(16)}` }) },
    }),
  ),
  shapes(rules.jobSecrets, "the arguments hold what looks like a secret at --db-password", {
    passing: { "a reference": { defaultArguments: { "--db-secret-arn": "arn:x" } }, none: {} },
    failing: { "a password": { defaultArguments: { "--db-password": "hunter2" } } },
  }),
  stacks(rules.queueDeadLetters, "a message that cannot be handled comes back until it is forgotten", {
    passing: {
      "a policy": [subject("aws:sqs/queue:Queue", "it", { redrivePolicy: "{}" })],
      "a policy of its own": [queue, subject("aws:sqs/redrivePolicy:RedrivePolicy", "r", { queueUrl: "https://it" })],
      "the queue of such messages": [
        queue,
        subject("aws:sqs/queue:Queue", "main", { redrivePolicy: '{"deadLetterTargetArn":"arn:it"}' }),
      ],
    },
    failing: { none: [queue] },
  }),
];
