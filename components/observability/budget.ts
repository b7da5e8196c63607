import * as budgets from "@pulumi/aws/budgets";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";

/** Share of the budget in per cent: spent, or forecast for the month's end. */
const NOTIFIED = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/**
 * The month's budget of this stack, by the tag that the provider puts on everything. AWS counts by a tag only where the
 * account's billing has activated it as a cost allocation tag.
 *
 * @returns undefined where the settings declare no budget.
 */
export function declareBudget(
  name: string,
  { settings, names }: Environment,
  topicArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): budgets.Budget | undefined {
  if (settings.budget === undefined) return undefined;
  return new budgets.Budget(
    name,
    {
      name: names.inAccount("monthly", 100),
      budgetType: "COST",
      limitAmount: settings.budget.monthly.toFixed(2),
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      costFilters: [{ name: "TagKeyValue", values: [`user:basin:stack$${settings.prefix}-${settings.stack}`] }],
      notifications: NOTIFIED.map((each) => ({
        ...each,
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
        subscriberSnsTopicArns: [topicArn],
      })),
    },
    opts,
  );
}
