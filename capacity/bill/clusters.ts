import { EBS_GB_PER_UNIT, parseInstance, ROOT_VOLUME_GB, VCPUS_PER_UNIT } from "../instances";
import type { CadenceSize, ClusterSize, FleetSize, RunSize } from "../sizes";
import {
  about,
  DAYS_A_MONTH,
  HOURS_A_MONTH,
  type BillScope,
  type Line,
  type Priced,
  type PricedResource,
  type Quantity,
} from "./line";
import { everyPeriod } from "../wording";

/** Metrics that the CloudWatch agent sends for one node. */
const METRICS_PER_NODE = 8;
const SECONDS_A_DAY = 86_400;

/** What the runs of a group's state machine cost: their clusters, by cadence and dataset, and the machine itself. */
export function pipelineLines(scope: BillScope, machine: PricedResource): Priced {
  const cluster = scope.environment.capacity.clusters.find(({ name }) => machine.name?.endsWith(`pipeline-${name}`));
  if (!cluster) return { lines: [], unknown: [] };
  const priced = cluster.cadences.map((cadence) => cadenceLines(scope, machine, cluster, cadence));
  return {
    lines: priced.flatMap(({ lines }) => lines),
    unknown: [...new Set(priced.flatMap(({ unknown }) => unknown))],
  };
}

/** Runs of a cadence in a month: a slower one takes the faster one's place where both are due. */
export function runsAMonth(cluster: ClusterSize, cadence: CadenceSize): number {
  const slower = cluster.cadences.filter(({ everySeconds }) => everySeconds > cadence.everySeconds);
  const nextSlower = Math.min(...slower.map(({ everySeconds }) => everySeconds));
  return DAYS_A_MONTH * (SECONDS_A_DAY / cadence.everySeconds - SECONDS_A_DAY / nextSlower);
}

function cadenceLines(scope: BillScope, machine: PricedResource, cluster: ClusterSize, cadence: CadenceSize): Priced {
  const unit = {
    core: unitPrice(scope, cadence.core, "lowest"),
    task: cadence.task && unitPrice(scope, cadence.task, "mean"),
  };
  const primary = unitPrice(scope, cadence.primary, "lowest");
  const unpriced = [unit.core, unit.task ?? 0, primary].some((price) => price === undefined);
  if (unpriced) return { lines: [], unknown: [`nodes of ${cluster.name}: the price file has none of their families`] };

  const runs = runsAMonth(cluster, cadence);
  const shares = datasetShares(scope, cadence);
  const hours = runHours(cadence, shares.usedSeconds);
  const discount = scope.environment.settings.spark.spotDiscount;
  const every = everyPeriod(cadence.everySeconds);
  const { xlargeDate: date, xlargeSource } = scope.prices;
  const uplift = scope.prices.items["emr-uplift"];
  const corePrice = unit.core ?? 0;
  const taskPrice = unit.task ?? 0;
  const coreUnits = cadence.core.onDemandUnits;
  const taskUnits = cadence.task?.spotUnits ?? 0;
  const nodes = (coreUnits + taskUnits) / meanWeight(cadence);

  const times = (units: number): Quantity => ({
    min: hours.min * runs * units,
    expected: hours.expected * runs * units,
    max: hours.max * runs * units,
  });
  const fleetPrice = (coreUnits * corePrice + taskUnits * taskPrice) / (coreUnits + taskUnits);
  const whole: Omit<Line, "resource" | "dataset">[] = [
    {
      service: "EC2",
      description: `${cluster.name}, ${every}: core nodes on demand`,
      unit: "4 vCPU-hours",
      quantity: times(coreUnits),
      price: { value: corePrice, date, source: xlargeSource },
    },
    {
      service: "EC2",
      description: `${cluster.name}, ${every}: primary node`,
      unit: "node-hours",
      quantity: times(1),
      price: { value: (primary ?? 0) * primaryWeight(cadence), date, source: xlargeSource },
    },
    {
      service: "EC2",
      description: `${cluster.name}, ${every}: task nodes on Spot`,
      unit: "4 vCPU-hours",
      quantity: times(taskUnits),
      price: {
        value: taskPrice * (1 - discount),
        max: taskPrice,
        date,
        source: `${xlargeSource}, less spark.spotDiscount of ${discount * 100} %`,
      },
    },
    {
      service: "EMR",
      description: `${cluster.name}, ${every}: EMR's share`,
      unit: "4 vCPU-hours",
      quantity: times(coreUnits + taskUnits + primaryWeight(cadence)),
      price: {
        value: fleetPrice * (uplift?.value ?? 0),
        date: uplift?.date ?? date,
        source: uplift?.source ?? "",
      },
    },
    {
      service: "EBS",
      description: `${cluster.name}, ${every}: disks of the nodes`,
      unit: "GB-month",
      quantity: scale(times(ebsUnits(cadence) * EBS_GB_PER_UNIT + (nodes + 1) * ROOT_VOLUME_GB), 1 / HOURS_A_MONTH),
      price: "ebs-gp3",
    },
    {
      service: "CloudWatch",
      description: `${cluster.name}, ${every}: metrics of the nodes`,
      unit: "metric-month",
      quantity: scale(times((nodes + 1) * METRICS_PER_NODE), 1 / HOURS_A_MONTH),
      price: "metric",
    },
    {
      service: "Step Functions",
      description: `${cluster.name}, ${every}: state transitions`,
      unit: "1,000 transitions",
      quantity: about((runs * transitions(cadence)) / 1_000, 0.5),
      price: "states-transitions",
    },
  ];
  const lines = whole
    .filter(({ quantity }) => quantity.max > 0)
    .flatMap((line) =>
      [...shares.byDataset].map(([dataset, share]) => ({
        ...line,
        resource: machine,
        dataset,
        quantity: scale(line.quantity, share),
      })),
    );
  return { lines, unknown: uplift ? [] : ["EMR's share of the nodes' price"] };
}

/** Seconds that the cluster stands in one run: at least its work, usually with its start, at most every step's full time. */
function runHours(cadence: CadenceSize, usedVcpuSeconds: number): Quantity {
  const vcpus = (cadence.core.onDemandUnits + (cadence.task?.spotUnits ?? 0)) * VCPUS_PER_UNIT;
  const least = Math.min(cadence.expectedSeconds, usedVcpuSeconds / vcpus);
  return { min: least / 3_600, expected: cadence.expectedSeconds / 3_600, max: cadence.longestSeconds / 3_600 };
}

/** Each dataset's share of a run by the vCPU-seconds that it uses at the mean rate; alike where nothing is to be done. */
function datasetShares(
  { environment }: BillScope,
  cadence: CadenceSize,
): { usedSeconds: number; byDataset: ReadonlyMap<string, number> } {
  const runs = environment.capacity.runs.filter(({ dataset }) => cadence.datasets.includes(dataset));
  const used = (run: RunSize): number => (run.bytes > 0 ? run.coreSeconds * (run.meanBytes / run.bytes) : 0);
  const usedSeconds = runs.reduce((sum, run) => sum + used(run), 0);
  const share = (run: RunSize): number => (usedSeconds > 0 ? used(run) / usedSeconds : 1 / runs.length);
  return { usedSeconds, byDataset: new Map(runs.map((run) => [run.dataset, share(run)])) };
}

/** USD an hour for one unit: on demand EMR takes the cheapest type, on Spot a mix. Undefined without any price. */
function unitPrice({ prices }: BillScope, fleet: FleetSize, choice: "lowest" | "mean"): number | undefined {
  const known = fleet.types.flatMap(({ type }) => prices.xlargeHour[parseInstance(type)?.family ?? ""] ?? []);
  if (known.length === 0) return undefined;
  return choice === "lowest" ? Math.min(...known) : known.reduce((sum, price) => sum + price, 0) / known.length;
}

function primaryWeight({ primary }: CadenceSize): number {
  return parseInstance(primary.types[0]?.type ?? "")?.weight ?? 1;
}

function meanWeight({ core, task }: CadenceSize): number {
  const types = (task ?? core).types;
  return types.reduce((sum, { weight }) => sum + weight, 0) / types.length;
}

/** Units of the nodes that have EBS because they have no disks of their own. */
function ebsUnits({ core, task }: CadenceSize): number {
  const hasDisks = (task ?? core).types.every(({ type }) => parseInstance(type)?.nvme === true);
  return hasDisks ? 0 : core.onDemandUnits + (task?.spotUnits ?? 0);
}

/** States that one run enters: some for the cluster, those of waiting for it, and a few a step. */
function transitions(cadence: CadenceSize): number {
  const waiting = 3 * 20;
  return 8 + waiting + 4 * cadence.datasets.length;
}

function scale({ min, expected, max }: Quantity, factor: number): Quantity {
  return { min: min * factor, expected: expected * factor, max: max * factor };
}
