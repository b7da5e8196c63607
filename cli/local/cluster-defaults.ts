import type { Environment } from "../../components/environment";
import { clusterSettings, groupNeeds } from "../../components/spark-cluster/configurations";

/** The spark-defaults classification of the cluster that runs a dataset's step. */
export function clusterDefaults(environment: Environment, dataset: string): Record<string, string> {
  const { runs, clusters } = environment.capacity;
  const run = runs.find((each) => each.dataset === dataset);
  const size = clusters.find((each) => each.name === run?.cluster);
  if (!size) throw new Error(`no cluster runs ${dataset}`);
  const settings = clusterSettings(environment, groupNeeds(size));
  const spark = settings.filter(({ classification }) => classification === "spark-defaults");
  return Object.fromEntries(spark.map(({ key, value }) => [key, value]));
}
