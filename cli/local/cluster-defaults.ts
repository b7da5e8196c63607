import type { Environment } from "../../components/environment";
import {
  clusterSettings,
  groupNeeds,
  standingNeeds,
  type SoftwareNeeds,
} from "../../components/spark-cluster/configurations";

/** The spark-defaults classification of the cluster that runs a dataset's step. */
export function clusterDefaults(environment: Environment, dataset: string): Record<string, string> {
  const settings = clusterSettings(environment, needsOf(environment, dataset));
  const spark = settings.filter(({ classification }) => classification === "spark-defaults");
  return Object.fromEntries(spark.map(({ key, value }) => [key, value]));
}

function needsOf({ capacity }: Environment, dataset: string): SoftwareNeeds {
  const run = capacity.runs.find((each) => each.dataset === dataset);
  const size = capacity.clusters.find((each) => each.name === run?.cluster);
  if (size) return groupNeeds(size);
  const standing = capacity.standing.find(({ datasets }) => datasets.includes(dataset));
  if (!standing) throw new Error(`no cluster runs ${dataset}`);
  return standingNeeds(standing, standing.active);
}
