import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { EventPattern } from "./events";

export interface EventRuleArgs {
  readonly environment: Environment;
  /** Last part of its logical and of its physical name. */
  readonly role: string;
  readonly description: string;
  readonly pattern: pulumi.Input<EventPattern>;
  readonly state?: string;
}

/** A rule of EventBridge; its targets are declared where it is used. */
export function declareEventRule(
  parent: pulumi.Resource,
  prefix: string,
  { environment, role, description, pattern, state }: EventRuleArgs,
): cloudwatch.EventRule {
  return new cloudwatch.EventRule(
    `${prefix}-${role}`,
    {
      name: environment.names.inAccount(role),
      description,
      eventPattern: pulumi.output(pattern).apply((known) => JSON.stringify(known)),
      ...(state === undefined ? {} : { state }),
    },
    { parent },
  );
}
