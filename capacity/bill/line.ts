import type { Environment } from "../../components/environment";
import type { SparkSettings } from "../../components/spark-cluster/settings";
import type { UseSize } from "../by-use";
import type { PriceList, PriceName } from "../prices";
import type { RunSize, TableSize } from "../sizes";
import type { ScaledVolume } from "../volumes";

export const HOURS_A_MONTH = 730;
export const DAYS_A_MONTH = HOURS_A_MONTH / 24;
/** AWS bills gigabytes of 2³⁰ bytes. */
export const GB = 1024 ** 3;

/** A resource of the plan, as far as its price depends on it. */
export interface PricedResource {
  readonly urn: string;
  readonly type: string;
  readonly name?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What every line is computed from. */
export interface BillScope {
  readonly environment: Environment;
  readonly prices: PriceList;
  /** By dataset, as are `runs` and `tables`. */
  readonly volumes: ReadonlyMap<string, ScaledVolume>;
  readonly runs: ReadonlyMap<string, RunSize>;
  readonly tables: ReadonlyMap<string, TableSize>;
  readonly resources: readonly PricedResource[];
  readonly uses: readonly UseSize[];
}

/** What the prices of nodes follow from. */
export interface NodeScope extends Pick<BillScope, "prices"> {
  readonly environment: { readonly settings: { readonly spark: Pick<SparkSettings, "spotDiscount"> } };
}

/** A quantity a month: what is expected, and between what it will lie. */
export interface Quantity {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

/** A line of the bill before tiers are known: its price by name in the file, or given where it is computed. */
export interface Line {
  readonly resource: PricedResource;
  readonly dataset?: string;
  readonly service: string;
  readonly description: string;
  readonly unit: string;
  readonly quantity: Quantity;
  readonly price: PriceName | ComputedPrice;
}

/** A price that follows from others, as that of a fleet from its types'. `max` where the dearest case has another. */
export interface ComputedPrice {
  readonly value: number;
  readonly max?: number;
  readonly date: string;
  readonly source: string;
}

/** Lines of one kind of resource, and what about it costs money that nobody can know beforehand. */
export interface Priced {
  readonly lines: readonly Line[];
  readonly unknown: readonly string[];
}

export const NOTHING: Priced = { lines: [], unknown: [] };

export function fixed(expected: number): Quantity {
  return { min: expected, expected, max: expected };
}

/** A share of the expected quantity less or more: the width of an estimate. */
export function about(expected: number, share: number): Quantity {
  return { min: expected * (1 - share), expected, max: expected * (1 + share) };
}

/** A figure that follows from an estimate of use: it may be three times as much, or a third. */
export function guessed(expected: number): Quantity {
  return { min: expected / 3, expected, max: expected * 3 };
}
