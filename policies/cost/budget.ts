import { CLUSTER_SOURCES, clustersOf } from "../models/clusters";
import { propertyRule } from "../property-rule";
import { list, number, objects } from "../reading";
import type { Props, Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

const BUDGET = "aws:budgets/budget:Budget";
/** What is paid by the hour, whether anybody uses it or not. */
const HOURLY = [
  "aws:dms/replicationConfig:ReplicationConfig",
  "aws:dms/replicationInstance:ReplicationInstance",
  "aws:ec2/natGateway:NatGateway",
  "aws:kinesis/stream:Stream",
] as const;

export const budgetRequired: Rule = {
  name: "stack-budget",
  group: "cost",
  description: "A stack whose clusters, streams or replications are paid by the hour has a budget in money.",
  enforcement: { dev: "advisory", prod: "mandatory" },
  types: [...CLUSTER_SOURCES, ...HOURLY],
  scope: "stack",
  *check(subject, stack) {
    if (firstSpender(stack) !== subject) return;
    const budgets = stack.ofTypes(BUDGET).map(({ props }) => props);
    if (budgets.some(isInMoney)) return;
    const value = budgets.length === 0 ? undefined : budgets.map((props) => ifKnown(() => props.budgetType));
    const fix = `new budgets.Budget("monthly", { budgetType: "COST", limitAmount: "1000", limitUnit: "USD", timeUnit: "MONTHLY", … });`;
    yield { message: "the stack is paid by the hour, and no budget says how much it may be", value, fix };
  },
};

/** A budget of use, of hours or of gigabytes, says nothing of the bill. */
function isInMoney(props: Props): boolean {
  const limit = (): boolean => (number(props.limitAmount) ?? 0) > 0 || props.autoAdjustData !== undefined;
  return ifKnown(() => props.budgetType === "COST" && limit()) ?? true;
}

/** Told once a stack, on the first resource that is paid for. */
const FIRST = new WeakMap<StackView, Subject | null>();

function firstSpender(stack: StackView): Subject | null {
  const known = FIRST.get(stack);
  if (known !== undefined) return known;
  const first = stack.ofTypes(...CLUSTER_SOURCES, ...HOURLY).find(isSpending) ?? null;
  FIRST.set(stack, first);
  return first;
}

/** A state machine spends nothing but by the clusters that it makes. */
function isSpending(subject: Subject): boolean {
  if ((HOURLY as readonly string[]).includes(subject.type)) return true;
  return ifKnown(() => clustersOf(subject).length > 0) ?? true;
}

export const budgetAnnounced = propertyRule({
  name: "budget-notification",
  group: "cost",
  description: "A budget tells somebody before it is spent.",
  enforcement: "mandatory",
  types: [BUDGET],
  value: (props) => props.notifications,
  holds: (value) =>
    objects(value).some(
      (each) => list(each.subscriberEmailAddresses).length + list(each.subscriberSnsTopicArns).length > 0,
    ),
  message: "the budget tells nobody",
  fix: 'notifications: [{ notificationType: "FORECASTED", threshold: 100, … }]',
});
