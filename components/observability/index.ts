import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { declareKey } from "../data-lake/keys";
import type { Environment } from "../environment";
import { declareBudget } from "./budget";
import { failedExecutions, failureMessage, operations } from "./events";
import { declareLogGroup, logGroupName } from "./log-group";
import { alertsKeyPolicy, alertsTopicPolicy, eventLogPolicy } from "./policies";

export interface ObservabilityArgs {
  readonly environment: Environment;
  readonly lake: { readonly keys: { readonly logs: { readonly arn: pulumi.Input<string> } } };
}

/** Who is told, of what, and what is kept to look it up: the alerts topic, the failure alert, the log of operations. */
export class Observability extends pulumi.ComponentResource {
  /** Where alarms of this stack publish. */
  readonly topicArn: pulumi.Output<string>;
  /** Every event of this stack's executions and clusters. */
  readonly operationsLogGroup: cloudwatch.LogGroup;

  constructor(
    private readonly logicalName: string,
    private readonly args: ObservabilityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:Observability", logicalName, {}, opts);
    const { environment } = args;

    const key = declareKey(
      `${logicalName}-key`,
      { environment, domain: "alerts", purpose: "Alerts on their topic", policy: alertsKeyPolicy(environment) },
      { parent: this },
    );
    const topic = this.declareTopic(key);
    this.subscribe(topic);
    declareBudget(`${logicalName}-budget`, environment, topic.arn, { parent: this });
    this.alertOnFailures(topic);

    this.topicArn = topic.arn;
    this.operationsLogGroup = this.logOperations();
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private declareTopic(key: kms.Key): sns.Topic {
    const { environment } = this.args;
    const topic = new sns.Topic(
      `${this.logicalName}-alerts`,
      { name: environment.names.inAccount("alerts", 256), kmsMasterKeyId: key.arn },
      { parent: this },
    );
    new sns.TopicPolicy(
      `${this.logicalName}-alerts-policy`,
      { arn: topic.arn, policy: topic.arn.apply((arn) => JSON.stringify(alertsTopicPolicy(environment, arn))) },
      { parent: this },
    );
    return topic;
  }

  private subscribe(topic: sns.Topic): void {
    for (const endpoint of this.args.environment.settings.alerts.email) {
      // Not by position: taking the first address off the list must not resubscribe the others.
      const identity = createHash("sha256").update(endpoint).digest("hex").slice(0, 8);
      new sns.TopicSubscription(
        `${this.logicalName}-email-${identity}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }
  }

  private alertOnFailures(topic: sns.Topic): void {
    const { environment } = this.args;
    const rule = this.declareRule("failures", "Executions that did not end well", failedExecutions(environment));
    new cloudwatch.EventTarget(
      `${this.logicalName}-failures-alert`,
      { rule: rule.name, arn: topic.arn, inputTransformer: failureMessage(environment) },
      { parent: this },
    );
  }

  private logOperations(): cloudwatch.LogGroup {
    const { environment, lake } = this.args;
    const role = "operations";
    // EventBridge writes to no group outside `/aws/events/`.
    const log = { environment, service: "/aws/events", role, keyArn: lake.keys.logs.arn };
    const group = declareLogGroup(`${this.logicalName}-operations`, log, { parent: this });
    const rule = this.declareRule(role, "All that happens to executions and clusters", operations(environment));
    const policy = new cloudwatch.LogResourcePolicy(
      `${this.logicalName}-operations-policy`,
      {
        policyName: environment.names.inAccount(role),
        policyDocument: JSON.stringify(
          eventLogPolicy(environment, logGroupName(log), environment.names.inAccount(role)),
        ),
      },
      { parent: this },
    );
    new cloudwatch.EventTarget(
      `${this.logicalName}-operations-log`,
      { rule: rule.name, arn: group.arn },
      { parent: this, dependsOn: policy },
    );
    return group;
  }

  private declareRule(
    role: string,
    description: string,
    pattern: Readonly<Record<string, unknown>>,
  ): cloudwatch.EventRule {
    return new cloudwatch.EventRule(
      `${this.logicalName}-${role}`,
      { name: this.args.environment.names.inAccount(role), description, eventPattern: JSON.stringify(pattern) },
      { parent: this },
    );
  }
}
