import * as emr from "@pulumi/aws/emr";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Generation, StandingSize } from "../../../capacity/index";
import { refuse } from "../../../declarations/faults";
import { forcingProperties } from "../../replacements";
import type { ClusterSoftware } from "../configurations";
import { declareGround, referencesTo, type Ground, type Surroundings } from "../ground";
import { subnetsFor } from "../recipe";
import { releaseFaults } from "../release";
import { clusterSpec, type ClusterSpec } from "../spec";
import { clusterLogicalName, isFrozen, isKept, standingIdentity } from "./generation";
import { clusterArgs, scalingArgs, taskFleetArgs } from "./resources";

export interface StandingClusterArgs extends Surroundings {
  /** One of `environment.capacity.standing`. */
  readonly size: StandingSize;
  readonly generation: Generation;
}

/** EMR's managed scaling moves them all the time, and a change of them would make another cluster. */
const SCALED = ["targetOnDemandCapacity", "targetSpotCapacity"];

/**
 * A cluster that stands, in one generation: blue or green. Everything of it is its own, so that the other generation
 * can be made, used and taken away beside it. In prod it has three primary nodes, and the active one is protected.
 *
 * @throws InputError for a release of EMR that lacks what the cluster relies on.
 */
export class StandingCluster extends pulumi.ComponentResource {
  readonly spec: ClusterSpec;
  readonly software: ClusterSoftware;
  readonly cluster: emr.Cluster;
  readonly jobFlowRole: iam.Role;

  constructor(
    readonly logicalName: string,
    private readonly args: StandingClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:StandingCluster", logicalName, {}, opts);
    const { environment, size, generation } = args;
    refuse(releaseFaults(environment.settings.spark.release, `Pulumi.${environment.settings.stack}.yaml`));
    this.spec = clusterSpec(environment, { kind: "standing", size, generation });
    this.software = { cluster: logicalName, settings: this.spec.settings };
    const ground = declareGround(
      logicalName,
      {
        ...args,
        identity: standingIdentity(size, generation),
        datasets: size.datasets,
        readsStreams: true,
        purpose: `the standing cluster ${size.name}, ${generation}`,
        isFrozen: isFrozen(size, generation),
      },
      { parent: this },
    );
    this.jobFlowRole = ground.jobFlowRole;
    this.cluster = this.declareCluster(ground);
    this.declareTaskFleet();
    this.declareScaling();
    this.registerOutputs({ clusterId: this.cluster.id, jobFlowRole: this.jobFlowRole.arn });
  }

  private declareCluster(ground: Ground): emr.Cluster {
    const subnetIds = pulumi.output(this.args.network.subnetIds).apply((ids) => subnetsFor(this.spec, ids));
    return new emr.Cluster(
      clusterLogicalName(this.logicalName),
      clusterArgs(this.spec, { ...referencesTo(this.args, ground), subnetIds }),
      {
        parent: this,
        dependsOn: ground.ready,
        protect: this.isKept,
        ignoreChanges: [
          ...SCALED.map((property) => `coreInstanceFleet.${property}`),
          ...this.frozen("emr/cluster:Cluster"),
        ],
      },
    );
  }

  /** EMR takes one task fleet a cluster and never changes its types: what differs in it makes another cluster. */
  private declareTaskFleet(): void {
    const fleet = taskFleetArgs(this.spec);
    if (!fleet) return;
    new emr.InstanceFleet(
      `${this.logicalName}-task`,
      { clusterId: this.cluster.id, ...fleet },
      {
        parent: this,
        protect: this.isKept,
        deletedWith: this.cluster,
        ignoreChanges: [...SCALED, ...this.frozen("emr/instanceFleet:InstanceFleet")],
      },
    );
  }

  private declareScaling(): void {
    const scaling = scalingArgs(this.spec);
    if (!scaling) return;
    new emr.ManagedScalingPolicy(
      `${this.logicalName}-scaling`,
      { clusterId: this.cluster.id, ...scaling },
      {
        parent: this,
        deletedWith: this.cluster,
        // A cluster has one policy: to delete the old one after the new one was put would take the new one away.
        deleteBeforeReplace: true,
        ignoreChanges: this.frozen("emr/managedScalingPolicy:ManagedScalingPolicy"),
      },
    );
  }

  private get isKept(): boolean {
    return isKept(this.args.environment, this.args.size, this.args.generation);
  }

  /** Of the older of two generations: all that would make another cluster of it. */
  private frozen(type: string): string[] {
    const { size, generation } = this.args;
    // What it belongs to cannot be frozen: that is how it follows its cluster.
    return isFrozen(size, generation) ? forcingProperties(`aws:${type}`).filter((name) => name !== "clusterId") : [];
  }
}
