import { replicationsOf } from "../../database-migration/replication";
import type { Environment } from "../../environment";
import type { Alarm } from "../alarms/alarm";
import type { Composite } from "../alarms/composite";
import { clustersDashboard } from "./clusters";
import type { Dashboard } from "./dashboard";
import { datasetsDashboard } from "./datasets";
import { migrationsDashboard } from "./migrations";
import { platformDashboard } from "./platform";
import { streamsDashboard } from "./streams";

/**
 * Every dashboard of a stack: their number does not grow with the datasets, because a reader chooses the dataset, stream,
 * replication or cluster at the top.
 */
export function dashboardsOf(
  environment: Environment,
  alarms: readonly Alarm[],
  composites: readonly Composite[],
): Dashboard[] {
  const hasStreams = environment.datasets.some(({ source }) => source.kind === "stream");
  const onInstances = replicationsOf(environment).some(({ settings }) => settings.capacity === "instance");
  return [
    platformDashboard(environment, alarms, composites),
    datasetsDashboard(environment),
    clustersDashboard(),
    ...(hasStreams ? [streamsDashboard(environment)] : []),
    ...(onInstances ? [migrationsDashboard(environment)] : []),
  ];
}
