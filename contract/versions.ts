import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { DatasetReference, ReaderReference } from "./dataset";
import { ownAccount } from "./own-account";
import type { Platform } from "./platform";

export interface VersionsBusArgs {
  readonly platform: Pick<Platform, "accountId">;
  /** Any of the datasets' grants: a consumer has one bus for all that it may read. */
  readonly reader: ReaderReference;
}

/**
 * Where the platform tells a consumer of new versions: an event bus in the consumer's account, under the name that the
 * platform sends to. Only the platform's account may put events on it.
 *
 * @example const bus = new VersionsBus("basin", { platform: basin, reader: flights.reader("fleet-planning") })
 */
export class VersionsBus extends pulumi.ComponentResource {
  readonly bus: cloudwatch.EventBus;
  readonly name: pulumi.Output<string>;

  /** The deployment fails with a ContractError in an account that is not the consumer's. */
  constructor(name: string, { platform, reader }: VersionsBusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:contract:VersionsBus", name, {}, opts);
    const certain = pulumi.all([ownAccount(reader, this), reader.versionsBus]);
    this.bus = new cloudwatch.EventBus(
      `${name}-bus`,
      { name: certain.apply(([, busName]) => busName), description: "New versions of the platform's tables" },
      { parent: this },
    );
    new cloudwatch.EventBusPolicy(
      `${name}-bus-policy`,
      {
        eventBusName: this.bus.name,
        policy: pulumi
          .all([platform.accountId, this.bus.arn])
          .apply(([account, arn]) => JSON.stringify(told(account, arn))),
      },
      { parent: this },
    );
    this.name = this.bus.name;
    this.registerOutputs({ name: this.name });
  }
}

function told(platformAccount: string, busArn: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ToldByThePlatform",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${platformAccount}:root` },
        Action: "events:PutEvents",
        Resource: busArn,
      },
    ],
  };
}

export interface NewVersionRuleArgs {
  readonly dataset: Pick<DatasetReference, "name" | "versionEvents">;
  readonly bus: Pick<VersionsBus, "name">;
}

/**
 * Matches each new version of one dataset's table. What shall happen then is a target of yours; the event's
 * `detail.object.key` ends with the version's number.
 *
 * @example new cloudwatch.EventTarget("refresh", { ...newFlights.target, arn: queue.arn })
 */
export class NewVersionRule extends pulumi.ComponentResource {
  readonly rule: cloudwatch.EventRule;
  /** What a target needs to belong to this rule. */
  readonly target: { readonly rule: pulumi.Output<string>; readonly eventBusName: pulumi.Output<string> };

  constructor(name: string, { dataset, bus }: NewVersionRuleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:contract:NewVersionRule", name, {}, opts);
    this.rule = new cloudwatch.EventRule(
      `${name}-rule`,
      {
        description: `The table of ${dataset.name} has a new version`,
        eventBusName: bus.name,
        eventPattern: dataset.versionEvents,
      },
      { parent: this },
    );
    this.target = { rule: this.rule.name, eventBusName: bus.name };
    this.registerOutputs({ rule: this.rule.name });
  }
}
