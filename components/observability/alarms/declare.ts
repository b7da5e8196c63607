import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import { alarmId, type Alarm } from "./alarm";
import { compositeId, compositeName, compositeRule, speaks, type Composite } from "./composite";
import { alarmName, description, signalArgs } from "./render";

/** Every alarm, and the composites through which those of a dataset page. */
export function declareAlarms(
  parent: pulumi.Resource,
  prefix: string,
  {
    environment,
    alarms,
    composites,
    topicArn,
  }: {
    readonly environment: Environment;
    readonly alarms: readonly Alarm[];
    readonly composites: readonly Composite[];
    readonly topicArn: pulumi.Input<string>;
  },
): void {
  const made = new Map(
    alarms.map((alarm) => [alarmId(alarm), declareAlarm(parent, prefix, environment, alarm, topicArn)] as const),
  );
  for (const composite of composites) {
    const dependsOn = [...composite.children, ...(composite.suppressor ? [composite.suppressor.alarm] : [])].flatMap(
      (alarm) => made.get(alarmId(alarm)) ?? [],
    );
    declareComposite(`${prefix}-${compositeId(composite)}`, environment, composite, topicArn, { parent, dependsOn });
  }
}

function declareAlarm(
  parent: pulumi.Resource,
  prefix: string,
  environment: Environment,
  alarm: Alarm,
  topicArn: pulumi.Input<string>,
): cloudwatch.MetricAlarm {
  const actions = speaks(alarm) ? [topicArn] : [];
  return new cloudwatch.MetricAlarm(
    `${prefix}-${alarmId(alarm)}`,
    {
      name: alarmName(environment, alarm),
      alarmDescription: description(environment, { ...alarm, kinds: [alarm.kind] }),
      ...signalArgs(alarm.signal, alarm.periodSeconds),
      comparisonOperator: alarm.comparison === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: alarm.threshold,
      evaluationPeriods: alarm.evaluationPeriods,
      datapointsToAlarm: alarm.datapointsToAlarm,
      treatMissingData: alarm.missing.treat,
      alarmActions: actions,
      okActions: actions,
      tags: {
        "basin:owner": alarm.owner,
        "basin:severity": alarm.severity,
        ...(alarm.dataset === undefined ? {} : { "basin:dataset": alarm.dataset }),
      },
    },
    { parent },
  );
}

function declareComposite(
  logicalName: string,
  environment: Environment,
  composite: Composite,
  topicArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const { dataset, owner, children, suppressor } = composite;
  const kinds = children.map(({ kind }) => kind);
  new cloudwatch.CompositeAlarm(
    logicalName,
    {
      alarmName: compositeName(environment, composite),
      alarmDescription: description(environment, {
        meaning: `Readers of ${dataset} are, or soon will be, served worse than was promised.`,
        severity: "page",
        owner,
        kinds,
      }),
      alarmRule: compositeRule(children, (alarm) => alarmName(environment, alarm)),
      alarmActions: [topicArn],
      okActions: [topicArn],
      ...(suppressor && {
        actionsSuppressor: {
          alarm: alarmName(environment, suppressor.alarm),
          waitPeriod: suppressor.waitSeconds,
          extensionPeriod: suppressor.extensionSeconds,
        },
      }),
      tags: { "basin:owner": owner, "basin:severity": "page", "basin:dataset": dataset },
    },
    opts,
  );
}
