import { readFileSync } from "node:fs";
import { z } from "zod";
import { compare } from "../../declarations/dataset-graph";
import { InputError } from "../../declarations/faults";
import { differingProperties, replacementCause } from "./replacement";
import { modeChange } from "./stream-mode";
import type { Changes, Json, Plan, PlannedResource, Properties, ResourceChange } from "./shape";

/** The part of an earlier plan.json that a comparison needs. */
const baselineShape = z.object({
  version: z.literal(1),
  stack: z.string(),
  resources: z.array(
    z.object({
      urn: z.string(),
      type: z.string(),
      inputs: z.record(z.string(), z.json()),
      options: z.object({
        protect: z.boolean(),
        retainOnDelete: z.boolean(),
        ignoreChanges: z.array(z.string()),
      }),
    }),
  ),
  cost: z.object({ monthly: z.object({ expected: z.number() }) }),
});
export type Baseline = z.output<typeof baselineShape>;

/**
 * Reads an earlier plan of the same stack.
 *
 * @throws InputError when the file is not a plan, or one of another stack.
 */
export function readBaseline(file: string, stack: string): Baseline {
  const refuse = (message: string, found?: string): never => {
    const allowed = "a file that `basin plan --json` wrote";
    throw new InputError([{ where: file, message, found, allowed }]);
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    refuse(error instanceof SyntaxError ? "is not JSON" : `cannot be read: ${(error as Error).message}`);
  }
  const parsed = baselineShape.safeParse(value);
  if (!parsed.success) return refuse("is not a plan of version 1");
  if (parsed.data.stack !== stack) return refuse("is a plan of another stack", parsed.data.stack);
  return parsed.data;
}

/** What becomes of each resource when the plan replaces the baseline, and what it costs a month. */
export function compareWithBaseline(plan: Plan, baseline: Baseline): Changes {
  const before = new Map(baseline.resources.map((resource) => [resource.urn, resource]));
  const after = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const created = plan.resources.filter((resource) => !before.has(resource.urn)).map(({ urn }) => whole(urn, "create"));
  const deleted = baseline.resources.filter(({ urn }) => !after.has(urn)).map(deletion);
  const changed = plan.resources.flatMap((resource) => changeOf(resource, before.get(resource.urn)) ?? []);
  return {
    costDelta: Math.round((plan.cost.monthly.expected - baseline.cost.monthly.expected) * 100) / 100,
    resources: [...created, ...deleted, ...changed].sort((a, b) => compare(a.urn, b.urn)),
  };
}

function whole(urn: string, operation: "create" | "delete"): ResourceChange {
  return { urn, operation, properties: [], cause: null };
}

/** What is retained leaves the program only: said, because a deletion that deletes nothing surprises. */
function deletion({ urn, options }: Baseline["resources"][number]): ResourceChange {
  const cause = options.retainOnDelete ? "it stays in AWS as it is, and no stack manages it any more" : null;
  return { ...whole(urn, "delete"), cause };
}

function changeOf(
  { urn, type, inputs, options }: PlannedResource,
  before: Baseline["resources"][number] | undefined,
): ResourceChange | undefined {
  if (!before) return undefined;
  const kept = (properties: Properties): Properties => withoutIgnored(properties, options.ignoreChanges);
  const properties = differingProperties(kept(before.inputs), kept(inputs));
  if (properties.length === 0) return undefined;
  const cause = replacementCause(type, properties);
  if (cause !== null) return { urn, operation: "replace", properties, cause };
  return { urn, operation: "update", properties, cause: modeChange(type, before.inputs, inputs) };
}

/** Properties without what the engine does not look at: whole ones (`a`), and parts of them (`a.b`, `a[0].b`). */
function withoutIgnored(properties: Properties, ignored: readonly string[]): Properties {
  return ignored.reduce<Properties>((rest, path) => {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
    return without(rest, keys) as Properties;
  }, properties);
}

function without(value: Json, [key, ...deeper]: readonly string[]): Json {
  if (key === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const position = Number(key);
    return value.map((each: Json, index) => (index === position ? without(each, deeper) : each));
  }
  const { [key]: inner, ...others } = value as Properties;
  return inner === undefined || deeper.length === 0 ? others : { ...others, [key]: without(inner, deeper) };
}
