import { clusterRule } from "../cluster-rule";
import { CALLED, fleetsOf, scalingOf, type Fleet, type FleetRole } from "../models/fleets";
import { number, object, text } from "../reading";
import type { Finding, Rule } from "../rule";

/** Spot vanishes with two minutes' notice: with the primary goes the cluster, with a core node the data on it. */
function onDemandRule(role: FleetRole, why: string): Rule {
  const called = CALLED[role];
  return clusterRule({
    name: `emr-${called}-on-demand`,
    group: "resilience",
    description: `A cluster's ${called} nodes are on demand, and there is at least one.`,
    *check(cluster, subject, stack) {
      const fleets = fleetsOf(cluster, subject, stack).filter((fleet) => fleet.role === role);
      const property = `${role === "MASTER" ? "master" : "core"}InstanceFleet`;
      for (const { spot } of fleets) {
        if (spot === 0) continue;
        const message = `${cluster.called} has ${called} nodes on Spot: ${why}`;
        yield { message, value: spot, fix: `${property}: { …, targetSpotCapacity: 0 }` };
      }
      if (fleets.reduce((sum, { onDemand }) => sum + onDemand, 0) < 1) {
        const message = `${cluster.called} has no ${called} node on demand`;
        yield { message, fix: `${property}: { targetOnDemandCapacity: 1, … }` };
      }
    },
  });
}

export const primaryOnDemand = onDemandRule("MASTER", "an interruption ends the whole cluster");
export const coreOnDemand = onDemandRule("CORE", "an interruption takes data and drivers with it");

/** EMR best practices: at least ten types, so that one pool's interruption is not the fleet's. */
const FEWEST_TYPES = 10;
const STRATEGIES = ["price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized"];

export const spotFleet = clusterRule({
  name: "emr-spot-fleet",
  group: "resilience",
  description: "A Spot fleet draws on ten types or more, from the deepest pools, and falls back to on demand.",
  limits: { types: { default: FEWEST_TYPES, description: "The fewest instance types of a Spot fleet." } },
  *check(cluster, subject, stack, { types: fewest = FEWEST_TYPES }) {
    for (const fleet of fleetsOf(cluster, subject, stack)) {
      if (fleet.role !== "TASK" || fleet.spot === 0) continue;
      if (fleet.isGroup) {
        const message = `${cluster.called} has Spot nodes in an instance group, which has one type and no way back`;
        yield { message, fix: "new emr.InstanceFleet(…, { …, instanceTypeConfigs });" };
        continue;
      }
      yield* checkSpot(cluster.called, fleet, fewest);
    }
  },
});

function* checkSpot(called: string, { types, spotSpecification }: Fleet, fewest: number): Iterable<Finding> {
  if (types.length < fewest) {
    const fix = `instanceTypeConfigs: [ … ], // ${fewest} or more`;
    yield { message: `${called} has too few instance types to find Spot capacity`, value: types.length, fix };
  }
  const { AllocationStrategy: strategy, TimeoutAction: action } = spotSpecification;
  if (!STRATEGIES.includes(text(strategy) ?? "")) {
    const fix = 'spotSpecifications: [{ allocationStrategy: "price-capacity-optimized", … }]';
    yield { message: `${called} does not take Spot nodes from the deepest pools`, value: strategy, fix };
  }
  if (action !== "SWITCH_TO_ON_DEMAND") {
    const fix = 'spotSpecifications: [{ timeoutAction: "SWITCH_TO_ON_DEMAND", … }]';
    yield { message: `${called} fails when there is no Spot capacity`, value: action, fix };
  }
}

export const managedScaling = clusterRule({
  name: "emr-managed-scaling",
  group: "resilience",
  description: "A cluster with a task fleet scales within limits that keep its core off Spot.",
  *check(cluster, subject, stack) {
    const hasTasks = fleetsOf(cluster, subject, stack).some(({ role }) => role === "TASK");
    if (!hasTasks) return;
    const limits = scalingOf(cluster, subject, stack);
    const fix = "computeLimits: [{ …, maximumCoreCapacityUnits: n, maximumOndemandCapacityUnits: n }]";
    if (!limits) {
      yield {
        message: `${cluster.called} keeps its task nodes when nobody needs them: it has no managed scaling`,
        fix,
      };
      return;
    }
    const core = number(limits.MaximumCoreCapacityUnits);
    const onDemand = number(limits.MaximumOnDemandCapacityUnits);
    if (core === undefined || onDemand === undefined || core !== onDemand || core < 1) {
      const value = { MaximumCoreCapacityUnits: core, MaximumOnDemandCapacityUnits: onDemand };
      yield { message: `managed scaling may put core nodes of ${cluster.called} on Spot`, value, fix };
    }
  },
});

const LONGEST_IDLE = 604_800;

export const clusterTermination = clusterRule({
  name: "emr-cluster-termination",
  group: "resilience",
  description: "A cluster either ends by itself when it is idle, or stands under termination protection.",
  *check({ called, request }) {
    const isProtected = object(request.Instances).TerminationProtected === true;
    const idle = number(object(request.AutoTerminationPolicy).IdleTimeout);
    const endsItself = object(request.Instances).KeepJobFlowAliveWhenNoSteps === false;
    if (idle !== undefined && (idle < 60 || idle > LONGEST_IDLE)) {
      const fix = "autoTerminationPolicy: { idleTimeout: 3600 }";
      yield { message: `${called} has an idle time that EMR refuses (60 s to 7 days)`, value: idle, fix };
    }
    if (!isProtected && !endsItself && idle === undefined) {
      const fix = "autoTerminationPolicy: { idleTimeout: 3600 }";
      yield { message: `${called} neither ends when it is idle nor is protected from being ended`, fix };
    }
  },
});

export const clusterLogs = clusterRule({
  name: "emr-cluster-logging",
  group: "resilience",
  description: "A cluster's logs outlive it on S3.",
  *check({ called, request }) {
    if (!/^s3[an]?:\/\/[^/]+/.test(text(request.LogUri) ?? "")) {
      yield { message: `the logs of ${called} are gone with it`, value: request.LogUri, fix: 'logUri: "s3://…/emr/"' };
    }
  },
});
