import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as s3 from "@pulumi/aws/s3";
import * as sfn from "@pulumi/aws/sfn";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSize } from "../../capacity/index";
import type { Environment } from "../environment";
import type { BucketRole } from "../names";
import type { RunJobFlow } from "../spark-cluster/recipe";
import type { ClusterSpec } from "../spark-cluster/spec";
import { artifactAddresses, artifactFiles, type Artifact } from "./artifacts";
import { artifactAsset } from "./asset";
import { brokenOffPattern, cleanupMachine } from "./cleanup";
import { declareSchedules } from "./declare-schedules";
import { mostEvents, stateMachine } from "./definition";
import { refuseOversize, sampleRecipes } from "./limits";
import { declareMachine, declareStarter } from "./machine";
import { stateMachineName } from "./names";
import { declareOperations, type OperationReferences } from "./operations/index";
import { claimStatements, cleanupStatements, machineStatements } from "./policies";
import { declareSupervisor, type SupervisorResourceArgs } from "./supervisor/index";
import type { Step } from "./step";
import { renderSteps } from "./steps";

/** A group's cluster, as `SparkCluster` describes it. */
export interface ClusterReference {
  readonly size: ClusterSize;
  readonly specs: Readonly<Record<string, ClusterSpec>>;
  readonly recipes: Readonly<Record<string, pulumi.Output<RunJobFlow>>>;
  readonly jobFlowRole: iam.Role;
  readonly serviceRole: iam.Role;
  readonly ready: pulumi.Resource[];
}

export interface PipelinesArgs {
  readonly environment: Environment;
  readonly lake: {
    readonly keys: { readonly logs: { readonly arn: pulumi.Input<string> } };
    readonly buckets: Readonly<Record<BucketRole, { readonly name: string; readonly ready: pulumi.Resource[] }>>;
  };
  /** One for each of `environment.capacity.clusters`. */
  readonly clusters: readonly ClusterReference[];
  /** What operations run on; undefined where no dataset has jobs. */
  readonly operationsCluster?: ClusterReference;
  /** Standing clusters, each with the clusters of its generations. */
  readonly standing?: readonly Pick<SupervisorResourceArgs, "size" | "clusterIds">[];
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Brings the jobs to S3 and runs them: a state machine a group of datasets, started on its schedules, cleaned up after. */
export class Pipelines extends pulumi.ComponentResource {
  /** Every dataset's step, in dependency order. Plain values: the plan shows them, a laptop runs them. */
  readonly steps: readonly Step[];
  /** State machines by group. */
  readonly stateMachines: Readonly<Record<string, sfn.StateMachine>>;
  /** What people start by hand, by operation and owner. */
  readonly operations: OperationReferences;

  constructor(
    private readonly logicalName: string,
    private readonly args: PipelinesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:Pipelines", logicalName, {}, opts);
    const files = artifactFiles(args.environment);
    this.steps = renderSteps(args.environment, files);
    const artifacts = files.map((artifact) => this.declareArtifact(artifact));
    this.stateMachines = Object.fromEntries(
      args.clusters.map((cluster) => [cluster.size.name, this.declareGroup(cluster, artifacts)]),
    );
    declareSchedules(this, logicalName, {
      environment: args.environment,
      groups: args.clusters.map(({ size }) => size),
      machines: this.stateMachines,
    });
    this.operations = this.declareOperations(files, artifacts);
    this.declareSupervisors(artifacts);
    this.declareCleanup();
    this.registerOutputs({ stateMachines: Object.keys(this.stateMachines) });
  }

  /** Kept when its successor comes: a run that has started ends with what it started with. */
  private declareArtifact(artifact: Artifact): s3.BucketObjectv2 {
    const bucket = this.args.lake.buckets[artifact.bucket];
    return new s3.BucketObjectv2(
      `${this.logicalName}-artifact-${artifact.name}`,
      { bucket: bucket.name, key: artifact.key, ...artifactAsset(artifact) },
      { parent: this, dependsOn: bucket.ready, retainOnDelete: true },
    );
  }

  private declareGroup(cluster: ClusterReference, artifacts: pulumi.Resource[]): sfn.StateMachine {
    const { environment, alertsTopicArn } = this.args;
    const { size, recipes } = cluster;
    const common = { environment, cluster: size, steps: this.steps };
    const sample = stateMachine({ ...common, recipes: sampleRecipes(cluster.specs), alertsTopicArn: "t".repeat(120) });
    refuseOversize(`group ${size.name}`, sample, mostEvents(size));
    return declareMachine(this, this.logicalName, {
      environment,
      logsKeyArn: this.args.lake.keys.logs.arn,
      role: `pipeline-${size.name}`,
      name: stateMachineName(environment.names, size.name),
      statements: pulumi
        .all([cluster.serviceRole.arn, cluster.jobFlowRole.arn, alertsTopicArn])
        .apply(([serviceRoleArn, nodesRoleArn, topicArn]) => [
          ...machineStatements(environment, {
            group: size.name,
            serviceRoleArn,
            nodesRoleArn,
            alertsTopicArn: topicArn,
          }),
          ...claimStatements(environment, [size.name], [stateMachineName(environment.names, size.name)]),
        ]),
      definition: pulumi
        .all([pulumi.all(recipes), alertsTopicArn])
        .apply(([known, topicArn]) => stateMachine({ ...common, recipes: known, alertsTopicArn: topicArn })),
      dependsOn: [...cluster.ready, ...artifacts],
    });
  }

  private declareOperations(files: readonly Artifact[], dependsOn: pulumi.Resource[]): OperationReferences {
    const { environment, operationsCluster: cluster, alertsTopicArn, lake } = this.args;
    if (cluster === undefined) return {};
    const addresses = artifactAddresses(environment, files);
    const logsKeyArn = lake.keys.logs.arn;
    const args = { environment, logsKeyArn, cluster, addresses, alertsTopicArn, dependsOn };
    return declareOperations(this, this.logicalName, args);
  }

  /** Only steps that read their stream themselves never end; a cluster without one needs nobody to look after it. */
  private declareSupervisors(dependsOn: pulumi.Resource[]): void {
    const { environment, standing = [], alertsTopicArn, lake } = this.args;
    for (const cluster of standing) {
      const streams = this.steps.filter(
        ({ way, dataset }) =>
          way === "direct" &&
          environment.capacity.standing.some(
            (size) => size.name === cluster.size.name && size.datasets.includes(dataset),
          ),
      );
      const logsKeyArn = lake.keys.logs.arn;
      declareSupervisor(this, this.logicalName, {
        ...cluster,
        environment,
        logsKeyArn,
        streams,
        alertsTopicArn,
        dependsOn,
      });
    }
  }

  /** What ends the clusters of executions that cannot do it themselves any more. */
  private declareCleanup(): void {
    const { environment, alertsTopicArn } = this.args;
    const topicArn = pulumi.output(alertsTopicArn);
    const machine = declareMachine(this, this.logicalName, {
      environment,
      logsKeyArn: this.args.lake.keys.logs.arn,
      role: "cleanup",
      name: environment.names.inAccount("cleanup", 80),
      statements: topicArn.apply((arn) => cleanupStatements(environment, arn)),
      definition: topicArn.apply((arn) => cleanupMachine(environment, arn)),
      dependsOn: [],
    });
    const starter = declareStarter(this, this.logicalName, {
      environment,
      role: "start-cleanup",
      service: "events.amazonaws.com",
      machineArns: machine.arn,
    });
    const rule = new cloudwatch.EventRule(
      `${this.logicalName}-broken-off`,
      {
        name: environment.names.inAccount("broken-off"),
        description: "Executions that ended without ending their cluster",
        eventPattern: JSON.stringify(brokenOffPattern(environment)),
      },
      { parent: this },
    );
    new cloudwatch.EventTarget(
      `${this.logicalName}-broken-off-target`,
      { rule: rule.name, arn: machine.arn, roleArn: starter.role.arn },
      { parent: this, dependsOn: starter.ready },
    );
  }
}
