import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import type { KeyDomain } from "../data-lake/key-policy";
import { declareKey } from "../data-lake/keys";
import type { Environment } from "../environment";
import { alarmsOf } from "./alarms/all";
import type { StandingCluster } from "./alarms/clusters";
import { compositesOf } from "./alarms/composite";
import { declareAlarms } from "./alarms/declare";
import { declareBudget } from "./budget";
import { declareCostAnomaly } from "./cost-anomaly";
import { dashboardsOf } from "./dashboards/all";
import { declareDashboards } from "./dashboards/declare";
import { declareEventRule } from "./event-rule";
import { failedExecutions, failureMessage } from "./events";
import { declareLogGroup, jobsLog } from "./log-group";
import { declareOperationsLog } from "./operations-log";
import { alertsKeyPolicy, alertsTopicPolicy } from "./policies";
import { subscriptionsOf } from "./subscriptions";

export interface ObservabilityArgs {
  readonly environment: Environment;
  readonly lake: { readonly keys: Readonly<Record<KeyDomain, { readonly arn: pulumi.Input<string> }>> };
  /** Clusters that outlive their runs; those of one run are watched without being named. */
  readonly standing?: readonly StandingCluster[];
}

/** Who is told, of what, and what is kept to look it up: the alerts topic, alarms, dashboards, the log of operations. */
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
    declareCostAnomaly(`${logicalName}-cost-anomaly`, environment, topic.arn, { parent: this });
    this.alertOnFailures(topic);

    this.topicArn = topic.arn;
    this.operationsLogGroup = declareOperationsLog(this, logicalName, environment, args.lake.keys);
    declareLogGroup(
      `${logicalName}-jobs`,
      { ...jobsLog(environment), keyArn: args.lake.keys.logs.arn },
      { parent: this },
    );
    const alarms = alarmsOf(environment, args.standing ?? []);
    const composites = compositesOf(environment, alarms);
    declareAlarms(this, logicalName, { environment, alarms, composites, topicArn: topic.arn });
    declareDashboards(this, logicalName, environment, dashboardsOf(environment, alarms, composites));
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private declareTopic(key: kms.Key): sns.Topic {
    const { environment } = this.args;
    const topic = new sns.Topic(
      `${this.logicalName}-alerts`,
      { name: environment.names.alertsTopic(), kmsMasterKeyId: key.arn },
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
    for (const { role, protocol, endpoint, filter, isSecret } of subscriptionsOf(this.args.environment)) {
      new sns.TopicSubscription(
        `${this.logicalName}-${role}`,
        {
          topic: topic.arn,
          protocol,
          endpoint: isSecret ? pulumi.secret(endpoint) : endpoint,
          ...(filter && { filterPolicy: JSON.stringify(filter), filterPolicyScope: "MessageBody" }),
        },
        { parent: this },
      );
    }
  }

  private alertOnFailures(topic: sns.Topic): void {
    const { environment } = this.args;
    const rule = declareEventRule(this, this.logicalName, {
      environment,
      role: "failures",
      description: "Executions that did not end well",
      pattern: failedExecutions(environment),
    });
    new cloudwatch.EventTarget(
      `${this.logicalName}-failures-alert`,
      { rule: rule.name, arn: topic.arn, inputTransformer: failureMessage(environment) },
      { parent: this },
    );
  }
}
