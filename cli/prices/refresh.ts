import type { Price } from "../../capacity/prices";
import { rounded, type Answer } from "./answers";
import { emrQuery, instanceQuery, QUERIES, UPLIFT_TYPE, type PriceQuery } from "./queries";

/** Prices of one region as the file has them: with the unit of each. */
export interface RegionPrices {
  readonly xlargeDate: string;
  readonly xlargeSource: string;
  readonly xlargeHour: Readonly<Record<string, number>>;
  readonly items: Readonly<Record<string, Price & { readonly unit: string }>>;
}

export interface PriceFile {
  readonly version: number;
  readonly currency: string;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

/** What became of one price. */
export interface Outcome {
  readonly name: string;
  /** Undefined where the region had none. */
  readonly before: number | undefined;
  /** Undefined where AWS gave no answer: then the price stays as it was, with its old date. */
  readonly after: number | undefined;
  /** Why there is no answer. */
  readonly missing?: string;
}

export interface Refreshed {
  readonly file: PriceFile;
  readonly outcomes: readonly Outcome[];
}

export interface RefreshArgs {
  readonly file: PriceFile;
  readonly region: string;
  /** The month of the answers, as 2026-11. */
  readonly month: string;
  readonly ask: (query: PriceQuery) => Promise<Answer>;
}

/**
 * The file with every price of one region for which AWS has exactly one answer. What has none keeps its value, date and
 * source; in a region that is new to the file it is left out, and the bill lists it as unknown.
 */
export async function refreshed({ file, region, month, ask }: RefreshArgs): Promise<Refreshed> {
  // Units, and the families that clusters may have, are those of the regions that are there.
  const known = Object.values(file.regions);
  const own = file.regions[region];
  const outcomes: Outcome[] = [];
  const items: Record<string, Price & { unit: string }> = { ...own?.items };
  for (const [name, unit] of unitsOf(known)) {
    const answer = await answerTo(name, ask);
    const before = items[name]?.value;
    if (answer.missing !== undefined) {
      outcomes.push({ name, before, after: undefined, missing: answer.missing });
      continue;
    }
    const { value, source, tiers } = answer.price;
    items[name] = { value, unit, date: month, source, ...(tiers ? { tiers } : {}) };
    outcomes.push({ name, before, after: value });
  }
  const families = await refreshedFamilies(known, own, ask);
  const whole = families.every(({ missing }) => missing === undefined);
  const xlargeHour = Object.fromEntries(
    families.flatMap(({ name, before, after = before }) => (after === undefined ? [] : [[name, after] as const])),
  );
  return {
    file: {
      ...file,
      regions: {
        ...file.regions,
        [region]: {
          // One date stands for all families: the old one where an old price is left.
          xlargeDate: whole || own === undefined ? month : own.xlargeDate,
          xlargeSource:
            whole || own === undefined ? "AWS Price List API: AmazonEC2, Linux, on demand" : own.xlargeSource,
          xlargeHour,
          items,
        },
      },
    },
    outcomes: [...outcomes, ...families.map((each) => ({ ...each, name: `${each.name}.xlarge` }))],
  };
}

function unitsOf(regions: readonly RegionPrices[]): Map<string, string> {
  return new Map(
    regions.flatMap(({ items }) => Object.entries(items).map(([name, { unit }]) => [name, unit] as const)),
  );
}

async function refreshedFamilies(
  known: readonly RegionPrices[],
  own: RegionPrices | undefined,
  ask: RefreshArgs["ask"],
): Promise<Outcome[]> {
  const names = [...new Set(known.flatMap(({ xlargeHour }) => Object.keys(xlargeHour)))];
  const outcomes: Outcome[] = [];
  for (const name of names) {
    const answer = await ask(instanceQuery(`${name}.xlarge`));
    const before = own?.xlargeHour[name];
    outcomes.push(
      answer.missing === undefined
        ? { name, before, after: answer.price.value }
        : { name, before, after: undefined, missing: answer.missing },
    );
  }
  return outcomes;
}

function answerTo(name: string, ask: RefreshArgs["ask"]): Promise<Answer> {
  if (name === "emr-uplift") return uplift(ask);
  const query = (QUERIES as Readonly<Record<string, PriceQuery>>)[name];
  return query ? ask(query) : Promise.resolve({ missing: "nobody has said how AWS calls it" });
}

/** EMR's own price as a share of EC2's. */
async function uplift(ask: RefreshArgs["ask"]): Promise<Answer> {
  const [emr, ec2] = [await ask(emrQuery(UPLIFT_TYPE)), await ask(instanceQuery(UPLIFT_TYPE))];
  if (emr.missing !== undefined) return emr;
  if (ec2.missing !== undefined) return ec2;
  if (ec2.price.value === 0) return { missing: `${UPLIFT_TYPE} costs nothing, and so EMR's share of it is unknown` };
  const source = `${emr.price.source}, as a share of EC2's price of ${UPLIFT_TYPE}`;
  return { price: { value: rounded(emr.price.value / ec2.price.value), source } };
}
