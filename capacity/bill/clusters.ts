import { EBS_GB_PER_UNIT, parseInstance, ROOT_VOLUME_GB, VCPUS_PER_UNIT } from "../instances";
import { runsAMonth, transitions } from "../runs-a-month";
import type { CadenceSize, ClusterSize, RunSize } from "../sizes";
import {
  about,
  HOURS_A_MONTH,
  NOTHING,
  type BillScope,
  type ComputedPrice,
  type Line,
  type NodeScope,
  type Priced,
  type PricedResource,
  type Quantity,
} from "./line";
import { meanWeight, METRICS_PER_NODE, scaled, unitPrice } from "./nodes";
import { everyPeriod } from "../wording";

/** What the runs of a group's state machine cost: their clusters, by cadence and dataset, and the machine itself. */
export function pipelineLines(scope: BillScope, machine: PricedResource): Priced {
  const cluster = scope.environment.capacity.clusters.find(({ name }) => machine.name?.endsWith(`pipeline-${name}`));
  return cluster ? clusterLines(scope, machine, cluster) : NOTHING;
}

/** Prices, and the runs whose clusters they are for. */
export interface RunScope extends NodeScope, Pick<BillScope, "runs"> {}

/** A month of a group's clusters. */
export function clusterLines(scope: RunScope, machine: PricedResource, cluster: ClusterSize): Priced {
  const priced = cluster.cadences.map((cadence) => cadenceLines(scope, machine, cluster, cadence));
  return {
    lines: priced.flatMap(({ lines }) => lines),
    unknown: [...new Set(priced.flatMap(({ unknown }) => unknown))],
  };
}

function cadenceLines(scope: RunScope, machine: PricedResource, cluster: ClusterSize, cadence: CadenceSize): Priced {
  const shares = datasetShares(scope, cadence);
  const prices = fleetPrices(scope, cadence);
  if (!prices) return { lines: [], unknown: [`nodes of ${cluster.name}: the price file has none of their families`] };
  const every = `${cluster.name}, ${everyPeriod(cadence.everySeconds)}`;
  const lines = wholeLines(cluster, cadence, prices, shares.usedSeconds)
    .filter(({ quantity }) => quantity.max > 0)
    .flatMap((line) =>
      [...shares.byDataset].map(([dataset, share]) => ({
        ...line,
        description: `${every}: ${line.description}`,
        resource: machine,
        dataset,
        quantity: scaled(line.quantity, share),
      })),
    );
  return { lines, unknown: [] };
}

/** A month of one cadence's runs: their nodes, what these bring with them, and the state machine. */
export function wholeLines(
  cluster: ClusterSize,
  cadence: CadenceSize,
  prices: FleetPrices,
  usedVcpuSeconds: number,
): WholeLine[] {
  const runs = runsAMonth(cluster, cadence);
  const hours = scaled(runHours(cadence, usedVcpuSeconds), runs);
  return [
    ...nodeLines(cadence, prices, hours),
    ...sideLines(cadence, hours),
    {
      service: "Step Functions",
      description: "state transitions",
      unit: "1,000 transitions",
      quantity: about((runs * transitions(cadence)) / 1_000, 0.5),
      price: "states-transitions",
    },
  ];
}

/** A line before it is divided among datasets. */
export type WholeLine = Omit<Line, "resource" | "dataset">;

export interface FleetPrices {
  /** USD an hour for one unit of the core on demand. */
  readonly core: ComputedPrice;
  /** One unit of the task fleet on Spot; its `max` is on demand, which EMR turns to when Spot is not to be had. */
  readonly task: ComputedPrice;
  readonly primaryNode: ComputedPrice;
  /** EMR's own price of one unit: a share of what EC2 costs on demand, for Spot nodes as well. */
  readonly emr: ComputedPrice;
}

/** Undefined when the price file lacks a family or EMR's share. */
export function fleetPrices(scope: NodeScope, cadence: CadenceSize): FleetPrices | undefined {
  const core = unitPrice(scope, cadence.core, "lowest");
  const task = cadence.task ? unitPrice(scope, cadence.task, "mean") : 0;
  const primary = unitPrice(scope, cadence.primary, "lowest");
  const share = scope.prices.items["emr-uplift"];
  if (core === undefined || task === undefined || primary === undefined || !share) return undefined;
  const { xlargeDate: date, xlargeSource: source } = scope.prices;
  const { spotDiscount } = scope.environment.settings.spark;
  const coreUnits = cadence.core.onDemandUnits;
  const taskUnits = cadence.task?.spotUnits ?? 0;
  const mean = (coreUnits * core + taskUnits * task) / (coreUnits + taskUnits);
  const spotSource = `${source}, less spark.spotDiscount of ${spotDiscount * 100} %`;
  return {
    core: { value: core, date, source },
    task: { value: task * (1 - spotDiscount), max: task, date, source: spotSource },
    primaryNode: { value: primary * primaryWeight(cadence), date, source },
    emr: { value: mean * share.value, date: share.date, source: share.source },
  };
}

function nodeLines(cadence: CadenceSize, prices: FleetPrices, hours: Quantity): WholeLine[] {
  const coreUnits = cadence.core.onDemandUnits;
  const taskUnits = cadence.task?.spotUnits ?? 0;
  const unit = "4 vCPU-hours";
  return [
    {
      service: "EC2",
      description: "core nodes on demand",
      unit,
      quantity: scaled(hours, coreUnits),
      price: prices.core,
    },
    {
      service: "EC2",
      description: "task nodes on Spot",
      unit,
      quantity: scaled(hours, taskUnits),
      price: prices.task,
    },
    { service: "EC2", description: "primary node", unit: "node-hours", quantity: hours, price: prices.primaryNode },
    {
      service: "EMR",
      description: "EMR's share",
      unit,
      quantity: scaled(hours, coreUnits + taskUnits + primaryWeight(cadence)),
      price: prices.emr,
    },
  ];
}

/** What nodes bring with them: disks and metrics, by the part of the month that they stand. */
function sideLines(cadence: CadenceSize, hours: Quantity): WholeLine[] {
  const nodes =
    1 + (cadence.core.onDemandUnits + (cadence.task?.spotUnits ?? 0)) / meanWeight(cadence.task ?? cadence.core);
  const months = scaled(hours, 1 / HOURS_A_MONTH);
  return [
    {
      service: "EBS",
      description: "disks of the nodes",
      unit: "GB-month",
      quantity: scaled(months, ebsUnits(cadence) * EBS_GB_PER_UNIT + nodes * ROOT_VOLUME_GB),
      price: "ebs-gp3",
    },
    {
      service: "CloudWatch",
      description: "metrics of the nodes",
      unit: "metric-month",
      quantity: scaled(months, nodes * METRICS_PER_NODE),
      price: "metric",
    },
  ];
}

/** Seconds that the cluster stands in one run: at least its work, usually with its start, at most every step's full time. */
function runHours(cadence: CadenceSize, usedVcpuSeconds: number): Quantity {
  const vcpus = (cadence.core.onDemandUnits + (cadence.task?.spotUnits ?? 0)) * VCPUS_PER_UNIT;
  const least = Math.min(cadence.expectedSeconds, usedVcpuSeconds / vcpus);
  return { min: least / 3_600, expected: cadence.expectedSeconds / 3_600, max: cadence.longestSeconds / 3_600 };
}

/** Each dataset's share of a run by the vCPU-seconds that it uses at the mean rate; alike where nothing is to be done. */
function datasetShares(
  scope: RunScope,
  cadence: CadenceSize,
): { usedSeconds: number; byDataset: ReadonlyMap<string, number> } {
  const runs = cadence.datasets.flatMap((dataset) => scope.runs.get(dataset) ?? []);
  const total = usedSeconds(runs);
  const share = (run: RunSize): number => (total > 0 ? usedSeconds([run]) / total : 1 / runs.length);
  return { usedSeconds: total, byDataset: new Map(runs.map((run) => [run.dataset, share(run)])) };
}

/** vCPU-seconds that runs use at the mean rate. */
export function usedSeconds(runs: readonly RunSize[]): number {
  return runs.reduce(
    (sum, { bytes, meanBytes, coreSeconds }) => sum + (bytes > 0 ? coreSeconds * (meanBytes / bytes) : 0),
    0,
  );
}

function primaryWeight({ primary }: CadenceSize): number {
  return parseInstance(primary.types[0]?.type ?? "")?.weight ?? 1;
}

/** Units of the nodes that have EBS because they have no disks of their own. */
function ebsUnits({ core, task }: CadenceSize): number {
  const hasDisks = (task ?? core).types.every(({ type }) => parseInstance(type)?.nvme === true);
  return hasDisks ? 0 : core.onDemandUnits + (task?.spotUnits ?? 0);
}
