import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import type { KeyDomain } from "../data-lake/key-policy";
import { declareKey } from "../data-lake/keys";
import type { Environment } from "../environment";
import { alarmsOf } from "./alarms/all";
import type { StandingCluster } from "./alarms/clusters";
import { declareAlarms } from "./alarms/declare";
import { DENIED_KEYS_RULE, SPOT_LOSS_RULE } from "./alarms/platform";
import { declareBudget } from "./budget";
import { declareCostAnomaly } from "./cost-anomaly";
import { deniedKeyUse, SPOT_INTERRUPTIONS } from "./counted-events";
import { dashboardsOf } from "./dashboards/all";
import { declareDashboards } from "./dashboards/declare";
import { subscriptionsOf } from "./subscriptions";
import { failedExecutions, failureMessage, operations } from "./events";
import { declareLogGroup, jobsLog, logGroupName } from "./log-group";
import { alertsKeyPolicy, alertsTopicPolicy, eventLogPolicy } from "./policies";

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
    this.operationsLogGroup = this.logOperations();
    declareLogGroup(
      `${logicalName}-jobs`,
      { ...jobsLog(environment), keyArn: args.lake.keys.logs.arn },
      { parent: this },
    );
    const alarms = alarmsOf(environment, args.standing ?? []);
    declareAlarms(this, logicalName, { environment, alarms, topicArn: topic.arn });
    declareDashboards(this, logicalName, environment, dashboardsOf(environment, alarms));
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
    const rule = this.declareRule("failures", "Executions that did not end well", failedExecutions(environment));
    new cloudwatch.EventTarget(
      `${this.logicalName}-failures-alert`,
      { rule: rule.name, arn: topic.arn, inputTransformer: failureMessage(environment) },
      { parent: this },
    );
  }

  /** Kept to look it up; and what is counted for an alarm is kept with it, so that one can see who and what it was. */
  private logOperations(): cloudwatch.LogGroup {
    const { environment, lake } = this.args;
    const role = "operations";
    // EventBridge writes to no group outside `/aws/events/`.
    const log = { environment, service: "/aws/events", role, keyArn: lake.keys.logs.arn };
    const group = declareLogGroup(`${this.logicalName}-operations`, log, { parent: this });
    const { names } = environment;
    const rules = [role, DENIED_KEYS_RULE, SPOT_LOSS_RULE].map((each) => names.inAccount(each));
    const policy = new cloudwatch.LogResourcePolicy(
      `${this.logicalName}-operations-policy`,
      {
        policyName: names.inAccount(role),
        policyDocument: JSON.stringify(eventLogPolicy(environment, logGroupName(log), rules)),
      },
      { parent: this },
    );
    const logged = (rule: cloudwatch.EventRule, name: string): cloudwatch.EventTarget =>
      new cloudwatch.EventTarget(
        `${this.logicalName}-${name}-log`,
        { rule: rule.name, arn: group.arn },
        { parent: this, dependsOn: policy },
      );
    logged(this.declareRule(role, "All that happens to executions and clusters", operations(environment)), role);
    logged(this.declareRule(SPOT_LOSS_RULE, "Spot instances that are taken back", SPOT_INTERRUPTIONS), SPOT_LOSS_RULE);
    logged(this.declareDeniedKeys(), DENIED_KEYS_RULE);
    return group;
  }

  private declareDeniedKeys(): cloudwatch.EventRule {
    const keys = Object.values(this.args.lake.keys).map(({ arn }) => arn);
    return new cloudwatch.EventRule(
      `${this.logicalName}-${DENIED_KEYS_RULE}`,
      {
        name: this.args.environment.names.inAccount(DENIED_KEYS_RULE),
        description: "Uses of this stack's keys that were denied",
        eventPattern: pulumi.output(keys).apply((arns) => JSON.stringify(deniedKeyUse(arns))),
        // Decrypt only reads, and rules see such calls only on demand.
        state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      },
      { parent: this },
    );
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
