import type { Subject } from "../rule";
import { asResources, asState, request } from "../testing/cluster-forms";
import { shapes, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { UNKNOWN } from "../unknown";
import * as rules from "./budget";

const stream = subject("aws:kinesis/stream:Stream", "it", {});
const budget = (props: Record<string, unknown>): Subject => subject("aws:budgets/budget:Budget", "monthly", props);
const inMoney = budget({ budgetType: "COST", limitAmount: "1000", limitUnit: "USD" });
const idle = subject("aws:sfn/stateMachine:StateMachine", "idle", { definition: '{"States":{}}' });
const NONE = "the stack is paid by the hour, and no budget says how much it may be";

export const fixtures: readonly Fixtures[] = [
  {
    rule: rules.budgetRequired,
    passing: {
      "a budget in money": [stream, inMoney],
      "one that follows what is spent": [stream, budget({ budgetType: "COST", autoAdjustData: {} })],
      "a limit that the deployment knows": [stream, budget({ budgetType: "COST", limitAmount: UNKNOWN })],
      "nothing that is paid by the hour": [subject("aws:s3/bucket:Bucket", "lake", {}), idle],
    },
    failing: {
      "a stream": { stack: [stream], violations: { it: NONE } },
      "told once, on the first": { stack: [idle, asState(request()), stream], violations: { machine: NONE } },
      "a cluster as a resource": { stack: asResources(request()), violations: { cluster: NONE } },
      "a budget of use": {
        stack: [stream, budget({ budgetType: "USAGE", limitAmount: "10" })],
        violations: { it: NONE },
      },
      "a budget without a limit": { stack: [stream, budget({ budgetType: "COST" })], violations: { it: NONE } },
      "a limit that is no number": {
        stack: [stream, budget({ budgetType: "COST", limitAmount: "unlimited" })],
        violations: { it: NONE },
      },
    },
  },
  shapes(rules.budgetAnnounced, "the budget tells nobody", {
    passing: {
      mail: { notifications: [{ subscriberEmailAddresses: ["a@example.com"] }] },
      "a topic": { notifications: [{ subscriberSnsTopicArns: ["arn"] }] },
    },
    failing: { nothing: {}, "no subscriber": { notifications: [{ threshold: 80 }] } },
  }),
];
