import { document, object, text } from "../reading";
import type { Rule } from "../rule";
import { ifKnown } from "../unknown";

/** What a bill is split by, each with the keys that teams use for it: case, hyphens and prefixes do not matter. */
const DIMENSIONS = [
  {
    asks: "who pays",
    keys:
      "costcentre costcenter costcode owner team squad department businessunit project product application app " +
      "service workload platform stack billing billto chargeback",
    example: '"cost-centre": "…"',
  },
  { asks: "which environment", keys: "environment env stage tier stack", example: "environment: pulumi.getStack()" },
].map(({ keys, ...dimension }) => ({ ...dimension, keys: new Set(keys.split(" ")) }));

export const allocationTags: Rule = {
  name: "allocation-tags",
  group: "cost",
  description: "Everything that a provider makes says who pays for it and which environment it is of.",
  enforcement: "mandatory",
  types: ["pulumi:providers:aws"],
  scope: "resource",
  *check({ props }) {
    const tags = object(object(document(props.defaultTags)).tags);
    const given = new Set(
      Object.keys(tags)
        .filter((key) => says(() => tags[key]))
        .map(plainKey),
    );
    const missing = DIMENSIONS.filter(({ keys }) => ![...keys].some((key) => given.has(key)));
    if (missing.length === 0) return;
    const value = Object.keys(tags).length === 0 ? undefined : Object.keys(tags);
    const asks = missing.map((dimension) => dimension.asks).join(" and ");
    const examples = missing.map(({ example }) => example).join(", ");
    const fix = `defaultTags: { tags: { …, ${examples} } }`;
    yield { message: `what the provider makes does not say ${asks}, and its bill finds no owner`, value, fix };
  },
};

/** `acme:CostCentre` and `cost-centre` say the same. */
function plainKey(key: string): string {
  const [last = ""] = key.split(/[:/]/).slice(-1);
  return last.toLowerCase().replaceAll(/[^a-z]/g, "");
}

/** Whether a tag has a text, or one that only the deployment knows. */
function says(read: () => unknown): boolean {
  return ifKnown(() => (text(read())?.trim() ?? "") !== "") ?? true;
}
