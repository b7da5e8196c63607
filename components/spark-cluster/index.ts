import type * as emr from "@pulumi/aws/emr";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSize } from "../../capacity/index";
import { refuse } from "../../declarations/faults";
import type { DeclaredRole } from "./emr-role";
import { clusterSettings, groupNeeds, type ClusterSoftware } from "./configurations";
import { declareGround, referencesTo, type Ground, type Surroundings } from "./ground";
import { OPERATIONS_CLUSTER } from "./operations";
import { runJobFlow, subnetsFor, type RunJobFlow } from "./recipe";
import { releaseFaults } from "./release";
import { runSpecs, type ClusterSpec } from "./spec";

export interface SparkClusterArgs extends Surroundings {
  /** What the cluster runs and how large it is: one of `environment.capacity.clusters`, or `operationsSize` of them. */
  readonly size: ClusterSize;
  /** The role under which EMR makes its clusters; one of its own when left out. */
  readonly emrRole?: DeclaredRole;
}

/**
 * What a connected group of datasets runs on: a recipe for a cluster made for each run, with the roles and the
 * encryption that it starts under. Nothing here costs money until a run makes its cluster.
 *
 * @throws InputError for a release of EMR that lacks what the clusters rely on.
 */
export class SparkCluster extends pulumi.ComponentResource {
  readonly size: ClusterSize;
  /** What is decided about the cluster of each run, by the name of the cadence. */
  readonly specs: Readonly<Record<string, ClusterSpec>>;
  /** RunJobFlow requests by the name of the cadence. */
  readonly recipes: Readonly<Record<string, pulumi.Output<RunJobFlow>>>;
  /** Alike for all runs. */
  readonly software: ClusterSoftware;
  readonly jobFlowRole: iam.Role;
  readonly serviceRole: iam.Role;
  readonly securityConfiguration: emr.SecurityConfiguration;
  /** What must be there before a cluster can start. */
  readonly ready: pulumi.Resource[];

  constructor(logicalName: string, args: SparkClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("basin:index:SparkCluster", logicalName, {}, opts);
    const { environment, size } = args;
    refuse(releaseFaults(environment.settings.spark.release, `Pulumi.${environment.settings.stack}.yaml`));
    this.size = size;
    this.specs = runSpecs(environment, size);
    this.software = { cluster: size.name, settings: clusterSettings(environment, groupNeeds(size)) };
    const ground = declareGround(
      logicalName,
      {
        ...args,
        identity: size.name,
        datasets: size.datasets,
        readsStreams: false,
        purpose: size.name === OPERATIONS_CLUSTER ? "operations" : `${size.name} and what derives from it`,
        reachesWholeLake: size.name === OPERATIONS_CLUSTER,
        isFrozen: false,
      },
      { parent: this },
    );
    this.jobFlowRole = ground.jobFlowRole;
    this.serviceRole = ground.serviceRole;
    this.securityConfiguration = ground.securityConfiguration;
    this.ready = ground.ready;
    this.recipes = renderRecipes(this.specs, args, ground);
    this.registerOutputs({ jobFlowRole: this.jobFlowRole.arn, serviceRole: this.serviceRole.arn });
  }
}

function renderRecipes(
  specs: SparkCluster["specs"],
  args: SparkClusterArgs,
  ground: Ground,
): Record<string, pulumi.Output<RunJobFlow>> {
  const references = pulumi.output({ ...referencesTo(args, ground), subnetIds: args.network.subnetIds });
  const recipes = Object.entries(specs).map(
    ([cadence, spec]) =>
      [
        cadence,
        references.apply((known) => runJobFlow(spec, { ...known, subnetIds: subnetsFor(spec, known.subnetIds) })),
      ] as const,
  );
  return Object.fromEntries(recipes);
}
