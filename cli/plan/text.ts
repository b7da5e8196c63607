import pc from "picocolors";
import type { WaySize } from "../../capacity/index";
import { grid } from "../grid";
import { dollars, largestItems, nameOf, roughly, treeOf, type Branch } from "./summary";
import type { Plan, ResourceChange, Violation } from "./shape";

const LARGEST = 8;
/** Kinds named in a line of the tree; the rest is counted together. */
const KINDS = 4;
const COLOURS: Readonly<Record<ResourceChange["operation"], (text: string) => string>> = {
  create: pc.green,
  update: pc.yellow,
  replace: pc.magenta,
  delete: pc.red,
};

/** The plan for a person at a terminal that is `width` characters wide. */
export function renderText(plan: Plan, seconds: number, width = Infinity): string {
  const sections = [tree(plan, width), steps(plan), changes(plan), violations(plan), cost(plan)];
  const end = pc.dim(`planned in ${seconds.toFixed(1)} s; nothing was deployed`);
  return [...sections.filter((section) => section !== ""), end].join("\n\n");
}

function heading(text: string, detail = ""): string {
  return pc.bold(text) + (detail === "" ? "" : pc.dim(`  ${detail}`));
}

function tree({ stack, region, resources }: Plan, width: number): string {
  const root = treeOf(resources);
  const lines = branchLines(root.branches, "", width);
  if (root.kinds.length > 0) lines.push(pc.dim(`also ${kinds(root)}`));
  return [heading(`stack ${stack}`, `${region}, ${root.count} resources`), ...lines].join("\n");
}

function branchLines(branches: readonly Branch[], indent: string, width: number): string[] {
  return branches.flatMap((branch, index) => {
    const last = index === branches.length - 1;
    const title = `${indent}${last ? "└─" : "├─"} ${branch.name}`;
    const line = `${title.padEnd(28)} ${String(branch.count).padStart(4)}  ${branch.kind.padEnd(15)}`;
    const detail = kinds(branch).slice(0, Math.max(0, width - line.length - 2));
    const inside = branchLines(branch.branches, `${indent}${last ? "   " : "│  "}`, width);
    return [`${line}  ${pc.dim(detail)}`.trimEnd(), ...inside];
  });
}

function kinds(branch: Branch): string {
  const named = branch.kinds.slice(0, KINDS).map(({ kind, count }) => (count === 1 ? kind : `${count} ${kind}`));
  const others = branch.kinds.slice(KINDS).reduce((sum, { count }) => sum + count, 0);
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join(", ");
}

function steps(plan: Plan): string {
  const rows = plan.steps.map(({ dataset, way, after, latencySeconds }) => [
    dataset,
    way,
    after.join(", ") || "–",
    roughly(latencySeconds),
  ]);
  const title = heading("steps", "each starts when those it waits for are done");
  const table = grid(["dataset", "way", "after", "oldest row a reader finds"], rows);
  return [title, table, ...plan.capacity.ways.map(wayLine)].join("\n");
}

function wayLine({ dataset, way, reason }: WaySize): string {
  return `${dataset}: ${way}, because ${reason}`;
}

function violations({ policies }: Plan): string {
  const { length } = policies.violations;
  const count = length === 0 ? "nothing found" : `${length} found`;
  return [heading("policies", `${policies.checked} checks, ${count}`), ...policies.violations.map(violationLines)].join(
    "\n",
  );
}

function violationLines({ enforcement, policy, urn, message, value, fix, undecided }: Violation): string {
  const mark = undecided
    ? pc.dim("undecided")
    : enforcement === "mandatory"
      ? pc.red("mandatory")
      : pc.yellow("advisory");
  const found = value === undefined ? "" : `; found ${JSON.stringify(value)}`;
  return `${mark}  ${policy}  ${pc.bold(nameOf(urn))}\n    ${message}${found}\n    ${pc.dim(`fix: ${fix}`)}`;
}

function cost(plan: Plan): string {
  const { min, expected, max } = plan.cost.monthly;
  const title = heading(
    "cost a month",
    `${dollars(min)} at least, ${dollars(expected)} expected, ${dollars(max)} at most`,
  );
  const items = largestItems(plan, LARGEST);
  const rows = items.map(({ service, description, dataset, monthly }) => [
    service,
    description,
    dataset ?? "",
    dollars(monthly),
  ]);
  const others = plan.cost.items.filter((item) => !items.includes(item));
  if (others.length > 0) {
    rows.push([
      "",
      `${others.length} smaller items`,
      "",
      dollars(others.reduce((sum, { monthly }) => sum + monthly, 0)),
    ]);
  }
  const unknown = plan.cost.unknown.map((what) => `  ${what}`);
  const left = unknown.length > 0 ? [pc.yellow("not known, and in no figure:"), ...unknown] : [];
  return [title, grid(["service", "for", "dataset", "USD"], rows, 3), ...left].join("\n");
}

function changes({ changes: found }: Plan): string {
  if (!found) return "";
  const sign = found.costDelta < 0 ? "" : "+";
  const lines = found.resources.map(({ operation, urn, properties, cause }) => {
    const detail = [properties.join(", "), cause ?? ""].filter((text) => text !== "").join("; ");
    return `${COLOURS[operation](operation.padEnd(7))}  ${nameOf(urn)}  ${pc.dim(detail)}`.trimEnd();
  });
  const count = found.resources.length === 0 ? "none" : `${found.resources.length} resources`;
  return [heading("changes", `${count}, ${sign}${dollars(found.costDelta)} a month`), ...lines].join("\n");
}
