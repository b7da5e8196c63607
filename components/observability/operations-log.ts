import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { KeyDomain } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { DENIED_KEYS_RULE, SPOT_LOSS_RULE } from "./alarms/platform";
import { deniedKeyUse, SPOT_INTERRUPTIONS } from "./counted-events";
import { declareEventRule, type EventRuleArgs } from "./event-rule";
import { operations } from "./events";
import { declareLogGroup, logGroupName } from "./log-group";
import { eventLogPolicy } from "./policies";

const ROLE = "operations";

/** Kept to look it up; and what is counted for an alarm is kept with it, so that one can see who and what it was. */
export function declareOperationsLog(
  parent: pulumi.Resource,
  prefix: string,
  environment: Environment,
  keys: Readonly<Record<KeyDomain, { readonly arn: pulumi.Input<string> }>>,
): cloudwatch.LogGroup {
  const { names } = environment;
  // EventBridge writes to no group outside `/aws/events/`.
  const log = { environment, service: "/aws/events", role: ROLE, keyArn: keys.logs.arn };
  const group = declareLogGroup(`${prefix}-${ROLE}`, log, { parent });
  const rules = loggedRules(environment, keys);
  const policy = new cloudwatch.LogResourcePolicy(
    `${prefix}-${ROLE}-policy`,
    {
      policyName: names.inAccount(ROLE),
      policyDocument: JSON.stringify(
        eventLogPolicy(
          environment,
          logGroupName(log),
          rules.map(({ role }) => names.inAccount(role)),
        ),
      ),
    },
    { parent },
  );
  for (const args of rules) {
    const rule = declareEventRule(parent, prefix, args);
    new cloudwatch.EventTarget(
      `${prefix}-${args.role}-log`,
      { rule: rule.name, arn: group.arn },
      { parent, dependsOn: policy },
    );
  }
  return group;
}

function loggedRules(
  environment: Environment,
  keys: Readonly<Record<KeyDomain, { readonly arn: pulumi.Input<string> }>>,
): EventRuleArgs[] {
  return [
    {
      environment,
      role: ROLE,
      description: "All that happens to executions and clusters",
      pattern: operations(environment),
    },
    {
      environment,
      role: DENIED_KEYS_RULE,
      description: "Uses of this stack's keys that were denied",
      pattern: pulumi.output(Object.values(keys).map(({ arn }) => arn)).apply(deniedKeyUse),
      // Decrypt only reads, and rules see such calls only on demand.
      state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    },
    {
      environment,
      role: SPOT_LOSS_RULE,
      description: "Spot instances that are taken back",
      pattern: SPOT_INTERRUPTIONS,
    },
  ];
}
