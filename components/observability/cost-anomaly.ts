import * as costexplorer from "@pulumi/aws/costexplorer";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";

/** Below this share of the month's budget an anomaly is noise. */
const BUDGET_SHARE = 0.05;

/**
 * Tells of spending that does not fit the stack's own past, days before a monthly budget would. Declared with a budget:
 * both need the account's billing to have activated the stack's tag, and Cost Explorer to be on.
 */
export function declareCostAnomaly(
  name: string,
  { settings, names }: Environment,
  topicArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): costexplorer.AnomalySubscription | undefined {
  if (settings.budget === undefined) return undefined;
  const monitor = new costexplorer.AnomalyMonitor(
    `${name}-monitor`,
    {
      name: names.inAccount("cost"),
      monitorType: "CUSTOM",
      monitorSpecification: JSON.stringify({
        Tags: { Key: "basin:stack", Values: [`${settings.prefix}-${settings.stack}`], MatchOptions: ["EQUALS"] },
      }),
    },
    opts,
  );
  return new costexplorer.AnomalySubscription(
    name,
    {
      name: names.inAccount("cost-anomaly"),
      // The only frequency at which it publishes to a topic.
      frequency: "IMMEDIATE",
      monitorArnLists: [monitor.arn],
      subscribers: [{ type: "SNS", address: topicArn }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: [Math.max(1, settings.budget.monthly * BUDGET_SHARE).toFixed(2)],
        },
      },
    },
    opts,
  );
}
