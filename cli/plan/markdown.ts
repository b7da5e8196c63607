import type { Plan } from "./shape";
import { dollars, largestItems, mandatoryViolations, nameOf, roughly, treeOf } from "./summary";

const LARGEST = 10;
/** GitHub cuts a comment at 65,536 characters: a list ends well before, and says how much it leaves out. */
const ROWS = 100;

/** The plan as a comment on a pull request: verdict and changes first, the rest folded. */
export function renderMarkdown(plan: Plan): string {
  const mandatory = mandatoryViolations(plan).length;
  const verdict = mandatory === 0 ? "holds every mandatory policy" : `**breaks ${mandatory} mandatory policies**`;
  const { min, expected, max } = plan.cost.monthly;
  return [
    `## Basin: stack \`${plan.stack}\``,
    `${treeOf(plan.resources).count} resources in ${plan.region}; ${verdict}.`,
    `Cost a month: **${dollars(expected)}** expected (${dollars(min)} to ${dollars(max)})${delta(plan)}.`,
    ...changes(plan),
    ...violations(plan),
    folded("Steps", table(["Dataset", "Way", "After", "Oldest row"], stepRows(plan)), ...waysOf(plan)),
    folded("Cost", table(["Service", "For", "Dataset", "USD a month"], costRows(plan)), ...unknownCosts(plan)),
    folded("Components", table(["Component", "Kind", "Resources"], componentRows(plan))),
    "",
  ].join("\n\n");
}

function delta({ changes: found }: Plan): string {
  if (!found || found.costDelta === 0) return "";
  return `, ${found.costDelta > 0 ? "+" : ""}${dollars(found.costDelta)} by this change`;
}

function changes({ changes: found }: Plan): string[] {
  if (!found) return [];
  if (found.resources.length === 0) return ["### Changes", "None."];
  const rows = found.resources.map(({ operation, urn, properties, cause }) => [
    operation === "create" || operation === "update" ? operation : `**${operation}**`,
    code(nameOf(urn)),
    properties.map(code).join(", "),
    cause ?? "",
  ]);
  return [`### Changes`, table(["Operation", "Resource", "Properties", "Cause"], rows)];
}

function violations({ policies }: Plan): string[] {
  if (policies.violations.length === 0) return [];
  const rows = policies.violations.map(({ enforcement, undecided, policy, urn, message, value, fix }) => [
    undecided ? "undecided" : enforcement,
    code(policy),
    code(nameOf(urn)),
    message + (value === undefined ? "" : `; found ${code(JSON.stringify(value))}`),
    code(fix),
  ]);
  return ["### Policies", table(["", "Policy", "Resource", "What", "Fix"], rows)];
}

function stepRows({ steps }: Plan): string[][] {
  return steps.map(({ dataset, way, after, latencySeconds }) => [
    code(dataset),
    way,
    after.map(code).join(", "),
    roughly(latencySeconds),
  ]);
}

function waysOf({ capacity }: Plan): string[] {
  if (capacity.ways.length === 0) return [];
  const rows = capacity.ways.map(({ dataset, way, reason }) => [code(dataset), way, reason]);
  return ["Both ways of each stream:", table(["Stream", "Way", "Because"], rows)];
}

function costRows(plan: Plan): string[][] {
  return largestItems(plan, LARGEST).map(({ service, description, dataset, monthly }) => [
    service,
    description,
    dataset ?? "",
    dollars(monthly),
  ]);
}

function unknownCosts({ cost }: Plan): string[] {
  return cost.unknown.length === 0 ? [] : ["Not known:", cost.unknown.map((what) => `- ${what}`).join("\n")];
}

function componentRows({ resources }: Plan): string[][] {
  return treeOf(resources).branches.map(({ name, kind, count }) => [code(name), kind, String(count)]);
}

function folded(title: string, ...body: string[]): string {
  return [`<details><summary>${title}</summary>`, ...body, "</details>"].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  const left = rows.length - ROWS;
  const lines = [line(head), line(head.map(() => "---")), ...rows.slice(0, ROWS).map(line)];
  return lines.join("\n") + (left > 0 ? `\n\nand ${left} more.` : "");
}

/** One line, and no pipe that would end the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
