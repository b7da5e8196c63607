import type * as pulumi from "@pulumi/pulumi";
import { metric, type MetricDefinition } from "../metrics/metric";
import { EMR } from "../metrics/services";
import { PERSISTENT, QUIET_WHEN_MISSING, type Alarm, type Signal } from "./alarm";
import { PLATFORM } from "./platform";

/** A cluster that outlives its runs. */
export interface StandingCluster {
  readonly name: string;
  readonly jobFlowId: pulumi.Input<string>;
  /** Units of managed scaling that it may grow to. */
  readonly maximumUnits: number;
}

/** Below this share of free memory YARN makes steps wait. */
const FREE_MEMORY = 10;
/** HDFS holds shuffle overflow and what the image puts there; above this share nodes run full together. */
const HDFS_USED = 80;

type Watch = Pick<Alarm, "kind" | "severity" | "comparison" | "threshold"> & {
  readonly definition: MetricDefinition;
  readonly of: "Maximum" | "Minimum";
  readonly says: (cluster: string) => string;
};

const WATCHED: readonly Watch[] = [
  {
    kind: "unhealthy-nodes",
    severity: "ticket",
    definition: EMR.MRUnhealthyNodes,
    of: "Maximum",
    comparison: "above",
    threshold: 0,
    says: (cluster) => `YARN finds a node of ${cluster} unhealthy, most often because its disk is full.`,
  },
  {
    kind: "pending-containers",
    severity: "ticket",
    definition: EMR.ContainerPending,
    of: "Maximum",
    comparison: "above",
    // Some always wait while nodes start; a fleet that cannot grow leaves hundreds waiting.
    threshold: 100,
    says: (cluster) => `Executors of ${cluster} wait for nodes that do not come.`,
  },
  {
    kind: "yarn-memory",
    severity: "ticket",
    definition: EMR.YARNMemoryAvailablePercentage,
    of: "Minimum",
    comparison: "below",
    threshold: FREE_MEMORY,
    says: (cluster) => `YARN on ${cluster} has less than ${FREE_MEMORY} % of its memory left.`,
  },
  {
    kind: "hdfs",
    severity: "ticket",
    definition: EMR.HDFSUtilization,
    of: "Maximum",
    comparison: "above",
    threshold: HDFS_USED,
    says: (cluster) => `HDFS on ${cluster} is more than ${HDFS_USED} % full.`,
  },
];

/** A run needs all of its nodes only for a moment: what lasts for half an hour holds it up. */
const LASTING = { ...PERSISTENT, evaluationPeriods: 6, datapointsToAlarm: 6 } as const;

/**
 * Clusters that live for one run are watched together, whatever their id: the alarm says that one of the account's is in
 * trouble, and the dashboard which.
 */
export function clusterAlarms(hasRuns: boolean, standing: readonly StandingCluster[]): Alarm[] {
  const runs = hasRuns
    ? watched("runs", "a cluster", (definition, of): Signal => ({ kind: "worst", definition, of }))
    : [];
  return [
    ...runs,
    ...standing.flatMap(({ name, jobFlowId, maximumUnits }) => [
      ...watched(name, name, (definition, of): Signal => ({
        kind: "metric",
        metric: metric(definition, of, { JobFlowId: jobFlowId }),
      })),
      scalingLimit(name, jobFlowId, maximumUnits),
    ]),
  ];
}

function watched(
  subject: string,
  called: string,
  signal: (definition: MetricDefinition, of: "Maximum" | "Minimum") => Signal,
): Alarm[] {
  return WATCHED.map(({ definition, of, says, ...watch }) => ({
    ...watch,
    ...LASTING,
    subject,
    owner: PLATFORM,
    meaning: says(called),
    signal: signal(definition, of),
    missing: { ...QUIET_WHEN_MISSING, why: "no cluster runs, or EMR has not measured it yet" },
  }));
}

function scalingLimit(name: string, jobFlowId: pulumi.Input<string>, maximumUnits: number): Alarm {
  return {
    ...LASTING,
    kind: "scaling-limit",
    subject: name,
    severity: "ticket",
    owner: PLATFORM,
    meaning: `${name} has been at its ${maximumUnits} units for half an hour and would take more.`,
    signal: { kind: "metric", metric: metric(EMR.TotalUnitsRequested, "Maximum", { JobFlowId: jobFlowId }) },
    comparison: "above",
    threshold: maximumUnits - 1,
    missing: QUIET_WHEN_MISSING,
  };
}
