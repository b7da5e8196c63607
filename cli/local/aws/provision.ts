import type { MachineSize } from "../machine-size";
import type { Clients } from "./clients";
import type { PlannedResource } from "./planned";
import { provisionBuckets } from "./provision-buckets";
import { provisionCatalog } from "./provision-catalog";
import { provisionDynamoTables } from "./provision-dynamo";
import { provisionStreams } from "./provision-streams";

/** Makes what the plan declares and the emulator has: buckets, streams, databases and tables, with the plan's own names. */
export async function provision(
  clients: Clients,
  resources: readonly PlannedResource[],
  region: string,
  machine: MachineSize,
): Promise<void> {
  await provisionBuckets(clients.s3, resources, region);
  await provisionStreams(clients.kinesis, resources, machine);
  await provisionCatalog(clients.glue, resources);
  await provisionDynamoTables(clients.dynamodb, resources);
}
