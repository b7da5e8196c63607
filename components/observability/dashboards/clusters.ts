import { metric, type MetricDefinition, type Statistic } from "../metrics/metric";
import { AGENT, EMR } from "../metrics/services";
import type { Dashboard, Widget } from "./dashboard";

/** What Ganglia showed, by node: the agent on each of them sends it. */
export function clustersDashboard(): Dashboard {
  const placeholder = "j-ANYCLUSTER";
  const nodes = (title: string, definition: MetricDefinition, statistic: Statistic = "Average"): Widget => ({
    kind: "search",
    title,
    definition,
    statistic,
    where: { "cluster.id": placeholder },
  });
  const yarn = (title: string, ...definitions: MetricDefinition[]): Widget => ({
    kind: "series",
    title,
    series: definitions.map((definition) => metric(definition, "Maximum", { JobFlowId: placeholder })),
  });
  return {
    role: "clusters",
    choice: { label: "Cluster", placeholder, definition: EMR.CoreNodesRunning, populateFrom: "JobFlowId" },
    widgets: [
      nodes("CPU idle by node (%)", AGENT.cpu_usage_idle),
      nodes("CPU waiting for I/O by node (%)", AGENT.cpu_usage_iowait),
      nodes("Memory used by node (%)", AGENT.mem_used_percent),
      nodes("Disk used by node (%)", AGENT.disk_used_percent, "Maximum"),
      nodes("Network in by node (bytes)", AGENT.net_bytes_recv),
      nodes("Network out by node (bytes)", AGENT.net_bytes_sent),
      yarn("Nodes", EMR.CoreNodesRunning, EMR.TaskNodesRunning),
      yarn("Nodes lost or unhealthy", EMR.MRLostNodes, EMR.MRUnhealthyNodes),
      yarn("Waiting: containers, applications", EMR.ContainerPending, EMR.AppsPending),
      yarn("Units: asked for, running", EMR.TotalUnitsRequested, EMR.TotalUnitsRunning),
      yarn("YARN memory free (%)", EMR.YARNMemoryAvailablePercentage),
      yarn("HDFS used (%)", EMR.HDFSUtilization),
    ],
  };
}
