import { EBS_GB_PER_UNIT, parseInstance, ROOT_VOLUME_GB } from "../instances";
import type { FleetSize, StandingSize } from "../sizes";
import {
  fixed,
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

const UNIT = "4 vCPU-hours";

/** A standing cluster's primary and core nodes: every hour of the month, whether there is work or not. */
export function standingLines(scope: BillScope, resource: PricedResource): Priced {
  const size = sizeOf(scope, resource, "cluster");
  return size ? nodesOf(scope, resource, size, lastingNodes(size)) : NOTHING;
}

/** Its task nodes: what the mean rate needs, between none and as many as managed scaling may bring. */
export function taskFleetLines(scope: BillScope, resource: PricedResource): Priced {
  const size = sizeOf(scope, resource, "task");
  return size ? nodesOf(scope, resource, size, taskNodes(size)) : NOTHING;
}

/** A month of one generation, all its nodes. */
export function generationLines(scope: NodeScope, resource: PricedResource, size: StandingSize): Priced {
  return nodesOf(scope, resource, size, [...lastingNodes(size), ...taskNodes(size)]);
}

function lastingNodes({ primary, core }: StandingSize): BilledNodes[] {
  const nodes = primary.onDemandUnits;
  const units = core.onDemandUnits;
  return [
    // A primary node counts as one unit of its fleet, whatever its size.
    { fleet: primary, what: "primary nodes on demand", units: fixed(nodes * weightOf(primary)), nodes: fixed(nodes) },
    { fleet: core, what: "core nodes on demand", units: fixed(units), nodes: fixed(units / meanWeight(core)) },
  ];
}

function taskNodes({ task, expectedTaskUnits }: StandingSize): BilledNodes[] {
  if (!task) return [];
  const units = { min: 0, expected: expectedTaskUnits, max: task.maxUnits };
  return [{ fleet: task, what: "task nodes on Spot", units, nodes: scaled(units, 1 / meanWeight(task)) }];
}

function sizeOf(scope: BillScope, { name }: PricedResource, part: "cluster" | "task"): StandingSize | undefined {
  return scope.environment.capacity.standing.find((size) =>
    size.generations.some((generation) => name === `standing-${size.name}-${generation}-${part}`),
  );
}

interface BilledNodes {
  readonly fleet: FleetSize;
  readonly what: string;
  readonly units: Quantity;
  readonly nodes: Quantity;
}

function nodesOf(scope: NodeScope, resource: PricedResource, size: StandingSize, all: readonly BilledNodes[]): Priced {
  const share = scope.prices.items["emr-uplift"];
  const priced = all.map((nodes) => ({ ...nodes, prices: pricesOf(scope, nodes.fleet) }));
  if (!share || priced.some(({ prices }) => prices === undefined)) {
    return { lines: [], unknown: [`nodes of ${size.name}: the price file has none of their families`] };
  }
  const lines = priced.flatMap(({ what, units, nodes, fleet, prices }): Line[] => {
    if (!prices) return [];
    const hours = scaled(units, HOURS_A_MONTH);
    const named = (text: string): string => `${size.name}, which stands: ${text}`;
    const emr = { value: prices.onDemand * share.value, date: share.date, source: share.source };
    return [
      { resource, service: "EC2", description: named(what), unit: UNIT, quantity: hours, price: prices.paid },
      { resource, service: "EMR", description: named(`EMR's share, ${what}`), unit: UNIT, quantity: hours, price: emr },
      {
        resource,
        service: "EBS",
        description: named(`disks, ${what}`),
        unit: "GB-month",
        quantity: sum(scaled(units, ebsGbPerUnit(fleet)), scaled(nodes, ROOT_VOLUME_GB)),
        price: "ebs-gp3",
      },
      {
        resource,
        service: "CloudWatch",
        description: named(`metrics, ${what}`),
        unit: "metric-month",
        quantity: scaled(nodes, METRICS_PER_NODE),
        price: "metric",
      },
    ];
  });
  return { lines: lines.filter(({ quantity }) => quantity.max > 0), unknown: [] };
}

/** USD an hour of a unit; Spot's `max` is on demand, which EMR turns to at a launch when Spot is not to be had. */
function pricesOf(scope: NodeScope, fleet: FleetSize): { paid: ComputedPrice; onDemand: number } | undefined {
  const isSpot = fleet.spotUnits > 0;
  const onDemand = unitPrice(scope, fleet, isSpot ? "mean" : "lowest");
  if (onDemand === undefined) return undefined;
  const { xlargeDate: date, xlargeSource: source } = scope.prices;
  if (!isSpot) return { onDemand, paid: { value: onDemand, date, source } };
  const { spotDiscount } = scope.environment.settings.spark;
  const paid = {
    value: onDemand * (1 - spotDiscount),
    max: onDemand,
    date,
    source: `${source}, less spark.spotDiscount of ${spotDiscount * 100} %`,
  };
  return { onDemand, paid };
}

function weightOf({ types }: FleetSize): number {
  return parseInstance(types[0]?.type ?? "")?.weight ?? 1;
}

function ebsGbPerUnit({ types }: FleetSize): number {
  return types.every(({ type }) => parseInstance(type)?.nvme === true) ? 0 : EBS_GB_PER_UNIT;
}

function sum(a: Quantity, b: Quantity): Quantity {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}
