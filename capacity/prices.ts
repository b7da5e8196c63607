// Not named as this file is: plain Node takes `./prices` for the .json before the .ts.
import prices from "./price-list.json";

/** A price per unit in the file's currency. Tiered prices list what each further amount costs. */
export interface Price {
  readonly value: number;
  /** Year and month in which it was read from its source. */
  readonly date: string;
  readonly source: string;
  /** Not confirmed by the source; the bill says so. */
  readonly estimate?: boolean;
  /** `value` up to the first tier's `above`, then each tier's value. In the price's own unit. */
  readonly tiers?: readonly { readonly above: number; readonly value: number }[];
}

export type PriceName = keyof (typeof prices.regions)["us-east-1"]["items"];

/** Prices of one region: items by name, and on-demand EC2 an hour for the `xlarge` of each family. */
export interface PriceList {
  readonly items: Readonly<Partial<Record<PriceName, Price>>>;
  readonly xlargeHour: Readonly<Record<string, number>>;
  readonly xlargeDate: string;
  readonly xlargeSource: string;
}

export const CURRENCY = prices.currency;
const REGIONS: Readonly<Record<string, PriceList>> = prices.regions;

/** The region whose prices choose between alternatives where a region has none of its own: ratios hardly differ. */
const REFERENCE_REGION = "us-east-1";

/** Undefined when the file knows nothing of the region: its costs are then unknown, not zero. */
export function priceList(region: string): PriceList | undefined {
  return REGIONS[region];
}

/** For choosing the cheaper of two ways; never for a bill. */
export function referencePrices(region: string): PriceList {
  const list = priceList(region) ?? priceList(REFERENCE_REGION);
  if (!list) throw new Error(`price-list.json has no ${REFERENCE_REGION}`);
  return list;
}

/** Price of `quantity` units, tier by tier. */
export function amount(price: Price, quantity: number): number {
  let total = 0;
  let from = 0;
  let value = price.value;
  for (const tier of price.tiers ?? []) {
    if (quantity <= tier.above) break;
    total += (tier.above - from) * value;
    from = tier.above;
    value = tier.value;
  }
  return total + (quantity - from) * value;
}
