import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as scheduler from "@pulumi/aws/scheduler";
import type * as sfn from "@pulumi/aws/sfn";
import * as pulumi from "@pulumi/pulumi";
import type { Generation, StandingSize } from "../../../capacity/index";
import type { Environment } from "../../environment";
import { standingIdentity } from "../../spark-cluster/standing/generation";
import { refuseOversize } from "../limits";
import { declareMachine, declareStarter } from "../machine";
import type { Step } from "../step";
import { SUPERVISOR_MINUTES, supervisorEvents, supervisorMachine, supervisorName } from "./definition";
import { supervisorStatements } from "./policies";

export interface SupervisorResourceArgs {
  readonly environment: Environment;
  readonly logsKeyArn: pulumi.Input<string>;
  readonly size: Pick<StandingSize, "name" | "generations" | "active">;
  /** Clusters by generation. */
  readonly clusterIds: Readonly<Partial<Record<Generation, pulumi.Input<string>>>>;
  /** Steps that never end by themselves. */
  readonly streams: readonly Step[];
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly dependsOn: pulumi.Resource[];
}

/** Executions that may be missing before somebody is told that nobody looks after the streams. */
const MISSED = 3;

/** The supervisor of a standing cluster's streams, its schedule, and the alarm that says that it does not run itself. */
export function declareSupervisor(
  parent: pulumi.Resource,
  prefix: string,
  args: SupervisorResourceArgs,
): sfn.StateMachine | undefined {
  const { environment, size, streams, alertsTopicArn } = args;
  if (streams.length === 0) return undefined;
  const role = `supervisor-${size.name}`;
  const name = supervisorName(environment.names, size.name);
  const others = size.generations.filter((generation) => generation !== size.active);
  const define = (ids: Readonly<Partial<Record<Generation, string>>>, topicArn: string) => {
    const at = (generation: Generation) => ({ generation, clusterId: ids[generation] ?? "" });
    const generations = { active: at(size.active), others: others.map(at) };
    return supervisorMachine({ environment, name: size.name, ...generations, streams, alertsTopicArn: topicArn });
  };
  const sample = define({ blue: "j-".padEnd(20, "0"), green: "j-".padEnd(20, "0") }, "t".repeat(120));
  refuseOversize(
    `standing cluster ${size.name}`,
    sample,
    supervisorEvents(streams.length),
    "let it have fewer streams",
  );
  const machine = declareMachine(parent, prefix, {
    environment,
    logsKeyArn: args.logsKeyArn,
    role,
    name,
    statements: pulumi.output(alertsTopicArn).apply((topicArn) =>
      supervisorStatements(environment, {
        name: size.name,
        machine: name,
        streams: streams.map(({ dataset }) => dataset),
        identities: size.generations.map((generation) => standingIdentity(size, generation)),
        alertsTopicArn: topicArn,
      }),
    ),
    definition: pulumi
      .all([pulumi.all(args.clusterIds), alertsTopicArn])
      .apply(([ids, topicArn]) => define(ids, topicArn)),
    dependsOn: args.dependsOn,
  });
  schedule(parent, prefix, environment, role, machine);
  alarm(parent, prefix, args, role, machine);
  return machine;
}

function schedule(
  parent: pulumi.Resource,
  prefix: string,
  environment: Environment,
  role: string,
  machine: sfn.StateMachine,
): void {
  const service = "scheduler.amazonaws.com";
  const starter = declareStarter(parent, prefix, {
    environment,
    role: `${role}-start`,
    service,
    machineArns: machine.arn,
  });
  new scheduler.Schedule(
    `${prefix}-${role}-schedule`,
    {
      name: environment.names.inAccount(role),
      description: "Looks after the streams of a standing cluster",
      scheduleExpression: `rate(${SUPERVISOR_MINUTES} minutes)`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: machine.arn,
        roleArn: starter.role.arn,
        input: "{}",
        retryPolicy: { maximumEventAgeInSeconds: SUPERVISOR_MINUTES * 60, maximumRetryAttempts: 2 },
      },
    },
    { parent, dependsOn: starter.ready },
  );
}

function alarm(
  parent: pulumi.Resource,
  prefix: string,
  { environment, size, alertsTopicArn }: SupervisorResourceArgs,
  role: string,
  machine: sfn.StateMachine,
): void {
  new cloudwatch.MetricAlarm(
    `${prefix}-${role}-alarm`,
    {
      name: environment.names.inAccount(`${role}-missing`, 255),
      alarmDescription: `Nobody has looked after the streams of ${size.name} with success: see docs/operations.md`,
      namespace: "AWS/States",
      metricName: "ExecutionsSucceeded",
      dimensions: { StateMachineArn: machine.arn },
      statistic: "Sum",
      period: SUPERVISOR_MINUTES * 60,
      evaluationPeriods: MISSED,
      datapointsToAlarm: MISSED,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // No executions, no data: that is what it watches for.
      treatMissingData: "breaching",
      alarmActions: [alertsTopicArn],
      okActions: [alertsTopicArn],
    },
    { parent },
  );
}
