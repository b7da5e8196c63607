import type { CadenceSize, ClusterSize, FleetSize, Generation, StandingSize } from "../../capacity/index";
import type { Environment } from "../environment";
import { EMR_MANAGED_TAG } from "../network/emr-tag";
import {
  clusterSettings,
  configurations,
  groupNeeds,
  standingNeeds,
  type ClusterSetting,
  type Configuration,
} from "./configurations";
import { instanceFleets, type InstanceFleetConfig } from "./fleets";
import { logUri } from "./places";
import { PIPELINE_TAG } from "./recipe";
import { generationOf, isKept, standingIdentity } from "./standing/generation";

/** Well above the 300 s between two looks of Step Functions at a step: only a forgotten cluster is idle for so long. */
const IDLE_SECONDS = 1_200;
/** A standing cluster that nobody relies on ends after a day without a step: a generation that was left behind, or dev's. */
const STANDING_IDLE_SECONDS = 86_400;
const APPLICATIONS = ["Hadoop", "Spark", "Hive", "AmazonCloudWatchAgent"] as const;

/** Which cluster: one for a run of a group, or one that stands, in one of its generations. */
export type ClusterPlan =
  | { readonly kind: "run"; readonly group: ClusterSize; readonly cadence: CadenceSize }
  | { readonly kind: "standing"; readonly size: StandingSize; readonly generation: Generation };

/** All that is decided about one EMR cluster, in plain values; rendered as a RunJobFlow request or as resources. */
export interface ClusterSpec {
  readonly name: string;
  readonly release: string;
  readonly applications: readonly string[];
  readonly logUri: string;
  readonly fleets: readonly InstanceFleetConfig[];
  readonly scaling: ManagedScaling | undefined;
  /** Steps side by side. */
  readonly concurrency: number;
  /** Position of the one subnet that it may start in; undefined where EMR chooses the zone that has the capacity. */
  readonly subnet: number | undefined;
  readonly terminationProtected: boolean;
  /** Seconds without a step after which it ends itself; undefined where it never does. */
  readonly idleSeconds: number | undefined;
  readonly settings: readonly ClusterSetting[];
  readonly configurations: readonly Configuration[];
  readonly tags: Readonly<Record<string, string>>;
}

/** EMR's own shape of the limits of managed scaling. */
export interface ManagedScaling {
  readonly ComputeLimits: {
    readonly UnitType: "InstanceFleetUnits";
    readonly MinimumCapacityUnits: number;
    readonly MaximumCapacityUnits: number;
    readonly MaximumOnDemandCapacityUnits: number;
    readonly MaximumCoreCapacityUnits: number;
  };
}

/** Decides one cluster. Pure. */
export function clusterSpec(environment: Environment, plan: ClusterPlan): ClusterSpec {
  return plan.kind === "run" ? runSpec(environment, plan) : standingSpec(environment, plan);
}

/** The clusters of a group's runs, by the name of the cadence. */
export function runSpecs(environment: Environment, group: ClusterSize): Readonly<Record<string, ClusterSpec>> {
  return Object.fromEntries(
    group.cadences.map((cadence) => [cadence.name, clusterSpec(environment, { kind: "run", group, cadence })]),
  );
}

function runSpec(environment: Environment, { group, cadence }: Extract<ClusterPlan, { kind: "run" }>): ClusterSpec {
  return specOf(environment, {
    identity: group.name,
    name: `${environment.names.inAccount(group.name, 128)}-${cadence.name}`,
    fleets: cadence,
    concurrency: cadence.concurrency,
    subnet: undefined,
    terminationProtected: false,
    idleSeconds: IDLE_SECONDS,
    settings: clusterSettings(environment, groupNeeds(group)),
  });
}

function standingSpec(
  environment: Environment,
  { size, generation }: Extract<ClusterPlan, { kind: "standing" }>,
): ClusterSpec {
  const identity = standingIdentity(size, generation);
  const isKeptOne = isKept(environment, size, generation);
  const isHighlyAvailable = size.primary.onDemandUnits > 1;
  return specOf(environment, {
    identity,
    name: environment.names.inAccount(identity, 128),
    fleets: size,
    concurrency: size.concurrency,
    // Three primary nodes lie in one zone: each generation in another, so that one outlives the other's zone.
    subnet: isHighlyAvailable ? generationOf(generation) : undefined,
    terminationProtected: isKeptOne,
    idleSeconds: isKeptOne ? undefined : STANDING_IDLE_SECONDS,
    settings: clusterSettings(environment, standingNeeds(size, generation)),
  });
}

interface Decided {
  readonly identity: string;
  readonly name: string;
  readonly fleets: ClusterFleets;
  readonly concurrency: number;
  readonly subnet: number | undefined;
  readonly terminationProtected: boolean;
  readonly idleSeconds: number | undefined;
  readonly settings: readonly ClusterSetting[];
}

/** What both kinds of cluster have alike. */
function specOf({ names, settings: written }: Environment, decided: Decided): ClusterSpec {
  const { identity, fleets, ...own } = decided;
  return {
    ...own,
    release: written.spark.release,
    applications: APPLICATIONS,
    logUri: logUri(names, identity),
    fleets: instanceFleets(fleets),
    scaling: managedScaling(fleets),
    configurations: configurations(decided.settings),
    tags: {
      ...written.tags,
      ...EMR_MANAGED_TAG,
      "basin:environment": written.environment,
      "basin:stack": `${written.prefix}-${written.stack}`,
      [PIPELINE_TAG]: identity,
    },
  };
}

interface ClusterFleets {
  readonly primary: FleetSize;
  readonly core: FleetSize;
  readonly task: FleetSize | undefined;
}

/**
 * Task nodes go when nobody needs them. Only they can be Spot: the core keeps off it only where its cap equals the cap
 * of on-demand, and both must be set, or EMR takes on-demand as 0.
 */
function managedScaling({ core, task }: ClusterFleets): ManagedScaling | undefined {
  if (!task) return undefined;
  return {
    ComputeLimits: {
      UnitType: "InstanceFleetUnits",
      MinimumCapacityUnits: core.maxUnits,
      MaximumCapacityUnits: core.maxUnits + task.maxUnits,
      MaximumOnDemandCapacityUnits: core.maxUnits,
      MaximumCoreCapacityUnits: core.maxUnits,
    },
  };
}
