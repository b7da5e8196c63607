import type { Environment } from "../../environment";
import { stackDimension } from "../metrics/jobs";
import type { MetricDefinition, Statistic } from "../metrics/metric";
import { DMS, DMS_INSTANCE } from "../metrics/services";
import type { Dashboard, Widget } from "./dashboard";

/** One replication, whichever is chosen, and the instances that they all run on. */
export function migrationsDashboard(environment: Environment): Dashboard {
  const placeholder = "ANY_TASK";
  const own = { ReplicationInstanceIdentifier: stackDimension(environment) };
  const task = (title: string, definition: MetricDefinition, statistic: Statistic = "Average"): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: { ReplicationTaskIdentifier: placeholder },
  });
  const instances = (title: string, definition: MetricDefinition, statistic: Statistic): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: own,
  });
  return {
    role: "migrations",
    choice: {
      label: "Replication",
      placeholder,
      definition: DMS.CDCLatencyTarget,
      populateFrom: "ReplicationTaskIdentifier",
      where: own,
    },
    widgets: [
      task("From the commit until DMS has read it (seconds)", DMS.CDCLatencySource, "Maximum"),
      task("From the commit until it is in landing (seconds)", DMS.CDCLatencyTarget, "Maximum"),
      task("Changes that wait to be written", DMS.CDCIncomingChanges, "Maximum"),
      task("Changes read (rows a second)", DMS.CDCThroughputRowsSource),
      task("Changes written (rows a second)", DMS.CDCThroughputRowsTarget),
      task("Full load (rows a second)", DMS.FullLoadThroughputRowsTarget),
      instances("Instances: processor (%)", DMS_INSTANCE.CPUUtilization, "Maximum"),
      instances("Instances: free memory (bytes)", DMS_INSTANCE.FreeableMemory, "Minimum"),
      instances("Instances: free storage (bytes)", DMS_INSTANCE.FreeStorageSpace, "Minimum"),
    ],
  };
}
