import { groupLanes, type GroupLanes } from "../group-lanes";
import { connectedGroups, type Group } from "../groups";
import type { WorkScope } from "../runs";
import type { DirectStream } from "./direct";

/** What runs of a group where these of its streams are read by others. */
export function arrange(group: Group, direct: readonly DirectStream[], scope: WorkScope): GroupLanes {
  const held = new Map(direct.map(({ dataset, timing }) => [dataset.name, timing.latencySeconds]));
  const rest = group.datasets.filter(({ name }) => !held.has(name));
  return groupLanes(held.size === 0 ? [group] : connectedGroups(rest), { ...scope, held });
}
