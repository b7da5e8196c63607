import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { readersOf, type Reader } from "../data-lake/readers";
import type { Environment } from "../environment";
import { serviceTrust } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { tellStatements, versionPatterns, versionsBusArn } from "./pattern";

export interface VersionEventsArgs {
  readonly environment: Environment;
  readonly lake: {
    readonly buckets: { readonly lake: { readonly name: string; readonly ready: pulumi.Resource[] } };
  };
}

/**
 * Consumers are told when a table that they read has a new version: on an event bus of theirs, which they make with
 * `VersionsBus` of @basin-lakehouse/contract. Until it is there, what is sent to it is dropped.
 */
export class VersionEvents extends pulumi.ComponentResource {
  constructor(
    private readonly logicalName: string,
    private readonly args: VersionEventsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:VersionEvents", logicalName, {}, opts);
    const readers = readersOf(args.environment);
    if (readers.length > 0) this.tell(readers);
    this.registerOutputs({});
  }

  private tell(readers: readonly Reader[]): void {
    const { environment, lake } = this.args;
    const { lake: bucket } = lake.buckets;
    new s3.BucketNotification(
      `${this.logicalName}-commits`,
      { bucket: bucket.name, eventbridge: true },
      { parent: this, dependsOn: bucket.ready },
    );
    const statements = tellStatements(environment, readers);
    const { role, ready } = declareServiceRole(
      `${this.logicalName}-role`,
      {
        environment,
        role: "versions",
        description: "Tells consumers of new versions",
        trust: serviceTrust("events.amazonaws.com", environment.settings.accountId),
        statements,
        sample: statements,
      },
      { parent: this },
    );
    for (const reader of readers) {
      versionPatterns(environment, reader.datasets).forEach((pattern, index) => {
        const suffix = index === 0 ? reader.consumer : `${reader.consumer}-${index + 1}`;
        const rule = new cloudwatch.EventRule(
          `${this.logicalName}-${suffix}`,
          {
            name: environment.names.inAccount(`versions-${suffix}`),
            description: `New versions of what ${reader.consumer} reads`,
            eventPattern: pattern,
            tags: { "basin:consumer": reader.consumer },
          },
          { parent: this },
        );
        new cloudwatch.EventTarget(
          `${this.logicalName}-${suffix}-bus`,
          { rule: rule.name, arn: versionsBusArn(environment, reader.consumer), roleArn: role.arn },
          { parent: this, dependsOn: ready },
        );
      });
    }
  }
}
