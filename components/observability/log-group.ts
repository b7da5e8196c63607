import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { keepsData, type Environment } from "../environment";
import { logRetentionDays } from "./settings";

export interface LogGroupArgs {
  readonly environment: Environment;
  /** The service's own prefix, as `/aws/kinesisfirehose`; some services accept no other. */
  readonly service: string;
  readonly role: string;
  readonly keyArn: pulumi.Input<string>;
}

/** Name of a log group: `<service's prefix>/<prefix>-<stack>-<role>`. The logs key admits no others. */
export function logGroupName({
  environment,
  service,
  role,
}: Pick<LogGroupArgs, "environment" | "service" | "role">): string {
  return `${service}/${environment.names.inAccount(role)}`;
}

/** Where every run of every job tells what it does: lines, metrics and lineage. */
export function jobsLog(environment: Environment): Pick<LogGroupArgs, "environment" | "service" | "role"> {
  return { environment, service: "/basin", role: "jobs" };
}

/** A log group under the logs key; in prod its lines outlive the program. */
export function declareLogGroup(
  name: string,
  args: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  const retentionInDays = logRetentionDays(args.environment.settings.logs);
  return new cloudwatch.LogGroup(
    name,
    { name: logGroupName(args), kmsKeyId: args.keyArn, retentionInDays },
    { ...opts, retainOnDelete: keepsData(args.environment) },
  );
}
