import { beforeAll, describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { decide } from "../../tests/policy-decision";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { failedExecutions, failureMessage, operations } from "./events";
import { Observability } from "./index";
import { alertsKeyPolicy, alertsTopicPolicy } from "./policies";

const environment = exampleEnvironment("prod");
const arnOf = (domain: string) => ({ arn: `arn:aws:kms:us-east-1:111122223333:key/${domain}` });
const LAKE = {
  keys: { lake: arnOf("lake"), streams: arnOf("streams"), logs: arnOf("logs"), secrets: arnOf("secrets") },
};
const TOPIC = "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/logs";

describe("Observability", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await recordComponents(environment, () => new Observability("watch", { environment, lake: LAKE }));
  });

  it("encrypts the topic with a key of its own", () => {
    const key = recorded.get("aws:kms/key:Key", "watch-key").outputs["arn"];
    expect(recorded.get("aws:sns/topic:Topic", "watch-alerts").inputs).toMatchObject({ kmsMasterKeyId: key });
  });

  it("subscribes every address", () => {
    expect(recorded.ofType("aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs)).toMatchObject([
      { protocol: "email", endpoint: "data-platform@example.com" },
    ]);
  });

  it("keeps the log of operations encrypted, and for more than a year", () => {
    expect(recorded.get("aws:cloudwatch/logGroup:LogGroup", "watch-operations").inputs).toMatchObject({
      name: "/aws/events/basin-prod-operations",
      kmsKeyId: KEY,
      retentionInDays: 400,
    });
  });

  it("declares no budget where the settings have none", () => {
    expect(recorded.ofType("aws:budgets/budget:Budget")).toEqual([]);
  });

  it("gives the topic no role: EventBridge publishes by the topic's policy", () => {
    for (const { inputs } of recorded.ofType("aws:cloudwatch/eventTarget:EventTarget")) {
      expect(inputs).not.toHaveProperty("roleArn");
    }
  });
});

describe("alarms of a stack", () => {
  let recorded: Recorded;
  const alerting = exampleEnvironment("prod", {
    settings: { alerts: { chat: "https://chat.example.com/a", pager: "https://pager.example.com/b" } },
  });
  beforeAll(async () => {
    recorded = await recordComponents(
      alerting,
      () => new Observability("watch", { environment: alerting, lake: LAKE }),
    );
  });
  const topic = () => recorded.get("aws:sns/topic:Topic", "watch-alerts").outputs["arn"];

  it("page for a dataset once, whatever of it is wrong", () => {
    const composites = recorded.ofType("aws:cloudwatch/compositeAlarm:CompositeAlarm");
    expect(composites.map(({ inputs }) => inputs["alarmName"])).toEqual([
      "basin-prod-page-dataset-events",
      "basin-prod-page-dataset-places",
    ]);
    expect(composites[1]?.inputs).toMatchObject({
      alarmRule:
        'ALARM("basin-prod-page-freshness-places") OR ALARM("basin-prod-page-silence-places") OR ' +
        'ALARM("basin-prod-page-rejects-places") OR ALARM("basin-prod-page-version-missing-places")',
      alarmActions: [topic()],
    });
    const children = recorded.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    const silent = children.filter(({ inputs }) => (inputs["alarmActions"] as unknown[]).length === 0);
    expect(silent.map(({ inputs }) => inputs["name"])).toContain("basin-prod-page-freshness-places");
    expect(silent.every(({ inputs }) => (inputs["name"] as string).includes("-page-"))).toBe(true);
  });

  it("say in their description what is wrong, whose it is and where to read on", () => {
    const { inputs } = recorded.get("aws:cloudwatch/metricAlarm:MetricAlarm", "watch-rejects-places");
    expect(inputs["alarmDescription"]).toBe(
      "More than 5 % of the records that came in for places break its declaration.\n" +
        "Severity: page. Owner: air-traffic.\nWhat to do: docs/runbooks/rejects.md",
    );
    expect(inputs["metricQueries"]).toMatchObject([{ expression: "IF(m2 > 0, m1 / m2, 0)", returnData: true }, {}, {}]);
  });

  it("reach chat with everything and the pager with pages only", () => {
    const { inputs: chat } = recorded.get("aws:sns/topicSubscription:TopicSubscription", "watch-chat");
    expect(chat).toMatchObject({ protocol: "https", endpoint: "[secret]" });
    expect(chat).not.toHaveProperty("filterPolicy");
    const { inputs: pager } = recorded.get("aws:sns/topicSubscription:TopicSubscription", "watch-pager");
    expect(pager).toMatchObject({ filterPolicyScope: "MessageBody" });
    expect(JSON.parse(pager["filterPolicy"] as string)).toEqual({ AlarmName: [{ prefix: "basin-prod-page-" }] });
  });

  it("count denied uses of this stack's keys, of calls that only read too", () => {
    const { inputs } = recorded.get("aws:cloudwatch/eventRule:EventRule", "watch-denied-keys");
    expect(inputs["state"]).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    expect(JSON.parse(inputs["eventPattern"] as string)).toMatchObject({
      detail: { resources: { ARN: ["lake", "streams", "logs", "secrets"].map((each) => arnOf(each).arn) } },
    });
  });
});

describe("the alerts topic", () => {
  const publish = (service: string, context: Record<string, string>) =>
    decide(alertsTopicPolicy(environment, TOPIC), {
      principal: { service },
      action: "sns:Publish",
      resource: TOPIC,
      context,
    });
  const alarm = {
    "aws:SourceAccount": "111122223333",
    "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:basin-prod-freshness",
  };

  it("takes alarms of this stack and events, over TLS only", () => {
    expect(publish("cloudwatch.amazonaws.com", alarm)).toBe("allow");
    expect(publish("cloudwatch.amazonaws.com", { ...alarm, "aws:SourceAccount": "999999999999" })).toBe("none");
    expect(publish("events.amazonaws.com", {})).toBe("allow");
    expect(publish("events.amazonaws.com", { "aws:SecureTransport": "false" })).toBe("deny");
    expect(publish("s3.amazonaws.com", alarm)).toBe("none");
  });

  it("can be decrypted by whoever publishes to it; EventBridge sends no source with that call", () => {
    const ask = (service: string, context: Record<string, string>) =>
      decide(alertsKeyPolicy(environment), {
        principal: { service },
        action: "kms:GenerateDataKey",
        resource: "*",
        context,
      });
    expect(ask("cloudwatch.amazonaws.com", alarm)).toBe("allow");
    expect(ask("events.amazonaws.com", {})).toBe("allow");
    expect(ask("logs.us-east-1.amazonaws.com", {})).toBe("none");
  });
});

describe("a budget", () => {
  const budgeted = exampleEnvironment("prod", { settings: { budget: { monthly: 5_000 } } });

  it("counts what carries the stack's tag, and tells the topic before it is spent", async () => {
    const recorded = await recordComponents(
      budgeted,
      () => new Observability("watch", { environment: budgeted, lake: LAKE }),
    );
    const { inputs } = recorded.get("aws:budgets/budget:Budget", "watch-budget");
    expect(inputs).toMatchObject({
      name: "basin-prod-monthly",
      limitAmount: "5000.00",
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      costFilters: [{ name: "TagKeyValue", values: ["user:basin:stack$basin-prod"] }],
    });
    const topic = recorded.get("aws:sns/topic:Topic", "watch-alerts").outputs["arn"];
    expect(inputs["notifications"]).toMatchObject(
      [80, 100, 100].map((threshold) => ({ threshold, subscriberSnsTopicArns: [topic] })),
    );
  });

  it("comes with a watch for spending that does not fit the stack's past", async () => {
    const recorded = await recordComponents(
      budgeted,
      () => new Observability("watch", { environment: budgeted, lake: LAKE }),
    );
    const monitor = recorded.get("aws:costexplorer/anomalyMonitor:AnomalyMonitor", "watch-cost-anomaly-monitor");
    expect(JSON.parse(monitor.inputs["monitorSpecification"] as string)).toMatchObject({
      Tags: { Key: "basin:stack", Values: ["basin-prod"] },
    });
    const type = "aws:costexplorer/anomalySubscription:AnomalySubscription";
    // A twentieth of 5,000 USD.
    expect(recorded.get(type, "watch-cost-anomaly").inputs).toMatchObject({
      frequency: "IMMEDIATE",
      thresholdExpression: { dimension: { values: ["250.00"] } },
    });
  });

  it("may publish to the topic and use its key, and only this account's", () => {
    const context = {
      "aws:SourceAccount": "111122223333",
      "aws:SourceArn": "arn:aws:budgets::111122223333:budget/basin-prod-monthly",
    };
    const asked = (from: typeof environment, written: Record<string, string>) => {
      const service = { service: "budgets.amazonaws.com" };
      return [
        decide(alertsTopicPolicy(from, TOPIC), {
          principal: service,
          action: "sns:Publish",
          resource: TOPIC,
          context: written,
        }),
        decide(alertsKeyPolicy(from), {
          principal: service,
          action: "kms:GenerateDataKey",
          resource: "*",
          context: written,
        }),
      ];
    };
    expect(asked(budgeted, context)).toEqual(["allow", "allow"]);
    expect(asked(budgeted, { ...context, "aws:SourceAccount": "999999999999" })).toEqual(["none", "none"]);
    expect(asked(environment, context)).toEqual(["none", "none"]);
  });
});

describe("events", () => {
  it("of a failure are those of this stack's state machines that did not end well", () => {
    expect(failedExecutions(environment)).toEqual({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: {
        status: ["FAILED", "TIMED_OUT", "ABORTED"],
        stateMachineArn: [{ prefix: "arn:aws:states:us-east-1:111122223333:stateMachine:basin-prod-" }],
      },
    });
  });

  it("of operations are those of this stack's state machines and clusters", () => {
    expect(operations(environment)).toMatchObject({
      source: ["aws.states", "aws.emr"],
      detail: {
        $or: [
          { stateMachineArn: [{ prefix: expect.stringContaining("basin-prod-") as string }] },
          { name: [{ prefix: "basin-prod-" }] },
        ],
      },
    });
  });

  it("become a message in which every part is known and every line a JSON string", () => {
    const { inputPaths, inputTemplate } = failureMessage(environment);
    const used = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(inputPaths)));
    for (const line of inputTemplate.split("\n")) expect(typeof JSON.parse(line)).toBe("string");
  });
});
