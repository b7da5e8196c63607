import { compare } from "../../declarations/dataset-graph";
import type { Plan, PlannedResource } from "./shape";

/** A component with what it holds: the plan as a person wants to see it first. */
export interface Branch {
  readonly name: string;
  /** The component's class, as `DataLake`. */
  readonly kind: string;
  /** Resources in it and below it, components not counted. */
  readonly count: number;
  /** Its own resources by kind, most first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  readonly branches: readonly Branch[];
}

/** The tree of components; resources outside every component are `rest` at the top. */
export function treeOf(resources: readonly PlannedResource[]): Branch {
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const branch = (name: string, kind: string, urn: string | null): Branch => {
    const inside = children.get(urn) ?? [];
    const branches = inside
      .filter(isComponent)
      .map((each) => branch(each.name, kindOf(each.type), each.urn))
      .sort((a, b) => compare(a.name, b.name));
    const own = inside.filter((each) => !isComponent(each));
    const below = branches.reduce((sum, each) => sum + each.count, 0);
    return { name, kind, count: own.length + below, kinds: countKinds(own), branches };
  };
  return branch("", "", null);
}

export function isComponent({ type }: PlannedResource): boolean {
  return /^basin:/.test(type);
}

/** `aws:s3/bucket:Bucket` → `s3.Bucket`, `basin:index:DataLake` → `DataLake`. */
export function kindOf(type: string): string {
  const [pack = "", module = "", kind = ""] = type.split(":");
  if (pack === "pulumi") return `${kind} provider`;
  const service = module.split("/")[0] ?? "";
  return service === "index" ? (pack === "basin" ? kind : `${pack}.${kind}`) : `${service}.${kind}`;
}

function countKinds(resources: readonly PlannedResource[]): Branch["kinds"] {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(kindOf(type), (counts.get(kindOf(type)) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => b.count - a.count || compare(a.kind, b.kind));
}

export function mandatoryViolations({ policies }: Plan): Plan["policies"]["violations"] {
  return policies.violations.filter(({ enforcement }) => enforcement === "mandatory");
}

/** The last part of a URN: the resource's logical name. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** The items that make up most of the bill, largest first. */
export function largestItems({ cost }: Plan, count: number): Plan["cost"]["items"] {
  return [...cost.items].sort((a, b) => b.monthly - a.monthly || compare(a.description, b.description)).slice(0, count);
}

/** A duration for a person: `14 h 10 min`, where the exact seconds stand in the JSON. */
export function roughly(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

export function dollars(amount: number): string {
  const digits = Math.abs(amount) >= 100 ? 0 : 2;
  return amount.toLocaleString("en-US", { style: "currency", currency: "USD", maximumFractionDigits: digits });
}
