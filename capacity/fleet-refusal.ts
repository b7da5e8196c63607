import { InputError, type Fault } from "../declarations/faults";
import { formatDuration } from "../declarations/units";
import type { Settings } from "../stacks/settings";
import { STEP_START } from "./cadence";
import type { Cadence } from "./clusters";
import { FEWEST_SPOT_TYPES, MOST_NODES } from "./fleets";
import type { Group } from "./groups";
import { VCPUS_PER_UNIT, type Instance } from "./instances";
import { formatNumber } from "./wording";

/** A run's fleets before they are accepted, in units. */
export interface FleetRequest {
  readonly core: number;
  readonly task: number;
  readonly floor: number;
  readonly instances: readonly Instance[];
  /** The cluster's name in messages. */
  readonly name: string;
  readonly settings: Settings;
  /** The run that it is for; none where the cluster stands. */
  readonly run?: { readonly group: Group; readonly cadence: Cadence };
}

/** @throws InputError for fleets that would not do, or that EMR would not make. */
export function refuseFleet({ core, task, floor, instances, name, settings, run }: FleetRequest): void {
  const where = `Pulumi.${settings.stack}.yaml`;
  const smallest = Math.min(...instances.map((each) => each.weight));
  const faults: Fault[] = [];
  if (core < floor) {
    faults.push({
      where,
      key: "config.basin:spark.overrides.coreNodes",
      message: `leaves the drivers of ${name} no on-demand node beside an executor`,
      found: settings.spark.overrides.coreNodes,
      allowed: `at least ${Math.ceil(floor / smallest)}`,
    });
  }
  if (task > 0 && instances.length < FEWEST_SPOT_TYPES) {
    faults.push({
      where,
      key: settings.spark.overrides.instanceTypes
        ? "config.basin:spark.overrides.instanceTypes"
        : "config.basin:spark.families",
      message: `gives ${name} ${instances.length} instance types, too few for a Spot fleet`,
      found: [...new Set(instances.map((each) => each.type))],
      allowed: `at least ${FEWEST_SPOT_TYPES} types, or spark.spotShare: 0`,
    });
  }
  // EMR chooses the types: all nodes may be the smallest.
  const most = MOST_NODES * smallest;
  if (core + task > most)
    faults.push(
      run ? tooLarge(core + task, most, run.group, run.cadence) : tooManyNodes(core + task, most, name, where),
    );
  if (faults.length > 0) throw new InputError(faults);
}

function tooManyNodes(wanted: number, most: number, name: string, where: string): Fault {
  const message =
    `needs ${formatNumber(wanted * VCPUS_PER_UNIT)} vCPUs in cluster ${name}, ` +
    `and a cluster has at most ${formatNumber(most * VCPUS_PER_UNIT)}`;
  return { where, key: "config.basin:spark", message, allowed: "streams over more than one standing cluster" };
}

function tooLarge(wanted: number, most: number, group: Group, cadence: Cadence): Fault {
  const heaviest = cadence.loads.reduce((a, b) => (b.vcpus > a.vcpus ? b : a));
  const needed = STEP_START + ((heaviest.runSeconds - STEP_START) * wanted) / most;
  const dataset = group.datasets.find(({ name }) => name === heaviest.dataset);
  return {
    where: dataset?.file ?? group.name,
    key: "freshness",
    message:
      `needs ${formatNumber(wanted * VCPUS_PER_UNIT)} vCPUs to be done within ${formatDuration(heaviest.runSeconds)}, ` +
      `and a cluster has at most ${formatNumber(most * VCPUS_PER_UNIT)}`,
    found: dataset ? formatDuration(dataset.freshness) : undefined,
    allowed:
      `freshness and deadline that leave its step ${formatDuration(Math.ceil(needed / 60) * 60)}, ` +
      `or its rows as ${Math.ceil(wanted / most)} datasets, each with a cluster and a zone of its own`,
  };
}
