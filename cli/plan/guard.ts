import type { Environment } from "../../components/environment";
import { CheckFailed } from "../../declarations/faults";
import type { Baseline } from "./baseline";
import type { Changes, Json, Plan, Properties } from "./shape";

const TABLE = "aws:glue/catalogTable:CatalogTable";

type Compared = Pick<Plan, "resources">;
type Agreed = Pick<Environment, "settings" | "datasets">;

/**
 * What a plan must not do to what its baseline has: take a column away from its readers, or a protected resource from
 * the lake, unless somebody has said so in the dataset (`breaking`) or in the settings (`acknowledge`, the two keys).
 *
 * @param today `YYYY-MM-DD`, UTC: what a dataset's `breaking` accepts, it accepts from a day on.
 * @throws CheckFailed with all of it.
 */
export function requireKept(
  plan: Compared,
  changes: Changes,
  baseline: Baseline,
  agreed: Agreed,
  today = new Date().toISOString().slice(0, 10),
): void {
  const broken = [...brokenColumns(plan, baseline, agreed, today), ...lostResources(changes, baseline, agreed)];
  if (broken.length > 0) throw new CheckFailed(broken.join("\n"));
}

/** Columns of tables that stay, but without the column or with another type of it. */
function brokenColumns({ resources }: Compared, baseline: Baseline, { datasets }: Agreed, today: string): string[] {
  const after = new Map(resources.filter(({ type }) => type === TABLE).map(({ urn, inputs }) => [urn, inputs]));
  return baseline.resources.flatMap(({ urn, inputs: before }) => {
    const inputs = after.get(urn);
    if (inputs === undefined) return [];
    const dataset = datasets.find(({ name }) => name === inputs["name"]);
    const { accept = [], since = "" } = dataset?.breaking ?? {};
    const now = columnTypes(inputs);
    return [...columnTypes(before)]
      .filter(([column, type]) => now.get(column) !== type && !(accept.includes(column) && since <= today))
      .map(([column, type]) => {
        const became = now.get(column);
        const what = became === undefined ? "is gone" : `was ${type} and is ${became}`;
        const from = accept.includes(column)
          ? `breaking.since accepts it from ${since} on`
          : `breaking: { accept: [${column}], since: <date> }`;
        return `${dataset?.file ?? urn}: column ${column} ${what}; allowed: the column as it was, or ${from}`;
      });
  });
}

/** Protected resources that would be replaced or deleted. */
function lostResources({ resources }: Changes, baseline: Baseline, { settings }: Agreed): string[] {
  const protectedBefore = new Set(baseline.resources.filter(({ options }) => options.protect).map(({ urn }) => urn));
  const acknowledged = settings.acknowledge.map(({ replace }) => replace);
  return resources
    .filter(({ urn }) => protectedBefore.has(urn))
    .flatMap(({ urn, operation, cause }) => {
      const name = urn.split("::").at(-1) ?? urn;
      if (operation === "replace" && !acknowledged.includes(name)) {
        return [
          `${name} is protected and would be replaced: ${cause ?? ""}; allowed: acknowledge: [{ replace: ${name}, until: <date> }]`,
        ];
      }
      if (operation === "delete") {
        return [
          `${name} is protected and would be deleted; allowed: to retire its dataset, and to turn both keys (disposable, deletion) first`,
        ];
      }
      return [];
    });
}

/** Types by column of a Glue table; empty for what is none. */
function columnTypes(inputs: Properties): ReadonlyMap<string, string> {
  const columns = part(part(inputs, "storageDescriptor"), "columns");
  if (!Array.isArray(columns)) return new Map();
  return new Map(columns.map((column: Json) => [text(part(column, "name")), text(part(column, "type"))]));
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function part(value: Json | undefined, key: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties)[key] : undefined;
}
