import { parseInstance } from "../instances";
import type { FleetSize } from "../sizes";
import type { NodeScope, Quantity } from "./line";

/** Metrics that the CloudWatch agent sends for one node. */
export const METRICS_PER_NODE = 10;

/** USD an hour for one unit: on demand EMR takes the cheapest type, on Spot a mix. Undefined without any price. */
export function unitPrice(
  { prices }: Pick<NodeScope, "prices">,
  fleet: FleetSize,
  choice: "lowest" | "mean",
): number | undefined {
  const known = fleet.types.flatMap(({ type }) => prices.xlargeHour[parseInstance(type)?.family ?? ""] ?? []);
  if (known.length === 0) return undefined;
  return choice === "lowest" ? Math.min(...known) : known.reduce((sum, price) => sum + price, 0) / known.length;
}

/** Units of a fleet's mean node. */
export function meanWeight({ types }: FleetSize): number {
  return types.reduce((sum, { weight }) => sum + weight, 0) / types.length;
}

export function scaled({ min, expected, max }: Quantity, factor: number): Quantity {
  return { min: min * factor, expected: expected * factor, max: max * factor };
}
