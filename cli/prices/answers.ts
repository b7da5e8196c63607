import { z } from "zod";
import type { Price } from "../../capacity/prices";
import type { PriceQuery } from "./queries";

/** One entry of a GetProducts answer: a product with its prices. Source: AWS Price List API, "Reading the price list". */
const product = z.object({
  product: z.object({ sku: z.string(), attributes: z.record(z.string(), z.string()) }),
  serviceCode: z.string(),
  version: z.string().optional(),
  terms: z
    .object({
      OnDemand: z
        .record(
          z.string(),
          z.object({
            priceDimensions: z.record(
              z.string(),
              z.object({
                beginRange: z.string().default("0"),
                pricePerUnit: z.record(z.string(), z.string()),
              }),
            ),
          }),
        )
        .default({}),
    })
    .default({ OnDemand: {} }),
});
export type Product = z.output<typeof product>;

/** An answer's price, or why it has none. */
export type Answer =
  { readonly price: Omit<Price, "date">; readonly missing?: undefined } | { readonly missing: string };

/** @throws Error for what is not a product of the documented shape. */
export function parseProduct(text: string): Product {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("an answer of the pricing API is not JSON");
  }
  const parsed = product.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `an answer of the pricing API is not a product: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
  );
}

/** The one price that the products give to a query. Products that differ are no answer: nobody may choose for us. */
export function answerOf(query: PriceQuery, products: readonly Product[], currency: string): Answer {
  const { usage, units = 1 } = query;
  const found = products.filter(({ product: { attributes } }) => {
    const type = attributes["usagetype"] ?? "";
    return type === usage || type.endsWith(`-${usage}`);
  });
  if (found.length === 0) return { missing: `no product of ${query.service} with usage type ${usage}` };
  const answers = found.flatMap((each) => pricesOf(each, { units, currency }));
  const distinct = new Map(answers.map((each) => [JSON.stringify([each.value, each.tiers]), each]));
  const [price] = distinct.values();
  if (price === undefined) return { missing: `${usage} of ${query.service} has no on-demand price in ${currency}` };
  if (distinct.size > 1) {
    const values = answers.map(({ value, source }) => `${value} (${source})`).join(", ");
    return { missing: `${usage} of ${query.service} has several prices: ${values}` };
  }
  return { price };
}

function pricesOf(
  { product: { sku, attributes }, serviceCode, version, terms }: Product,
  { units, currency }: { units: number; currency: string },
): Omit<Price, "date">[] {
  return Object.values(terms.OnDemand).flatMap(({ priceDimensions }) => {
    const steps = Object.values(priceDimensions)
      .flatMap(({ beginRange, pricePerUnit }) => {
        const value = Number(pricePerUnit[currency]);
        return Number.isFinite(value) ? [{ from: Number(beginRange) / units, value: rounded(value * units) }] : [];
      })
      .sort((a, b) => a.from - b.from);
    const [first, ...further] = steps;
    if (first === undefined) return [];
    const tiers = further.map(({ from, value }) => ({ above: from, value }));
    const release = version === undefined ? "" : `, version ${version}`;
    const source = `AWS Price List API: ${serviceCode} ${attributes["usagetype"] ?? ""} (${sku})${release}`;
    return [{ value: first.value, source, ...(tiers.length > 0 ? { tiers } : {}) }];
  });
}

/** Without the tail of a decimal that a binary number cannot hold. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
