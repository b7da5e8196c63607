import * as scheduler from "@pulumi/aws/scheduler";
import type * as sfn from "@pulumi/aws/sfn";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSize } from "../../capacity/index";
import { groupOwner, type Environment } from "../environment";
import { ownerShares } from "../owner-shares";
import { declareStarter, type Starter } from "./machine";
import { stateMachineName } from "./names";
import { startStatements } from "./policies";
import { cadenceSchedules } from "./schedule";

export interface SchedulesArgs {
  readonly environment: Environment;
  readonly groups: readonly ClusterSize[];
  /** By group. */
  readonly machines: Readonly<Record<string, sfn.StateMachine>>;
}

/** Starts every group at its cadences. One role starts the groups of an owner. */
export function declareSchedules(parent: pulumi.Resource, prefix: string, args: SchedulesArgs): void {
  const { environment } = args;
  const { names } = environment;
  const owned = args.groups.map((size) => ({
    size,
    owner: groupOwner(environment, size),
    machineArn: names.arn("states", `stateMachine:${stateMachineName(names, size.name)}`),
  }));
  const arnsOf = (items: readonly (typeof owned)[number][]): string[] => items.map(({ machineArn }) => machineArn);
  for (const { owner, number, items } of ownerShares(owned, (some) => startStatements(arnsOf(some)))) {
    const starter = declareStarter(parent, prefix, {
      environment,
      role: `schedule-${owner}-${number}`,
      service: "scheduler.amazonaws.com",
      machineArns: arnsOf(items),
      tags: { "basin:owner": owner },
    });
    for (const { size } of items) declareGroupSchedules(parent, prefix, args, size, starter);
  }
}

function declareGroupSchedules(
  parent: pulumi.Resource,
  prefix: string,
  { environment, machines }: SchedulesArgs,
  size: ClusterSize,
  starter: Starter,
): void {
  const machine = machines[size.name];
  if (machine === undefined) throw new Error(`the group ${size.name} has no state machine`);
  for (const { cadence, expressions } of cadenceSchedules(size.cadences)) {
    expressions.forEach((scheduleExpression, index) => {
      const suffix = index === 0 ? cadence : `${cadence}-${index + 1}`;
      new scheduler.Schedule(
        `${prefix}-${size.name}-${suffix}`,
        {
          name: environment.names.inAccount(`${size.name}-${suffix}`),
          description: `Starts ${size.name} every ${cadence.replace("-", " ")}`,
          scheduleExpression,
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: machine.arn,
            roleArn: starter.role.arn,
            input: JSON.stringify({ cadence }),
            // A start that comes later than the next one's time brings nothing.
            retryPolicy: { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 5 },
          },
        },
        { parent, dependsOn: starter.ready },
      );
    });
  }
}
