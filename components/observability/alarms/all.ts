import type { Environment } from "../../environment";
import type { Alarm } from "./alarm";
import { clusterAlarms, type StandingCluster } from "./clusters";
import { datasetAlarms } from "./datasets";
import { platformAlarms } from "./platform";
import { replicationAlarms } from "./replications";
import { streamAlarms } from "./streams";

/** Every alarm of a stack. Follows from datasets and sizes alone: nothing is watched because somebody listed it. */
export function alarmsOf(environment: Environment, standing: readonly StandingCluster[]): Alarm[] {
  return [
    ...datasetAlarms(environment),
    ...streamAlarms(environment),
    ...replicationAlarms(environment),
    ...platformAlarms(environment),
    ...clusterAlarms(environment.capacity.clusters.length > 0, standing),
  ];
}
