import { STYLE } from "./html-style";
import type { Plan, PlannedResource } from "./shape";
import { dollars, isComponent, kindOf, largestItems, mandatoryViolations, nameOf, roughly, treeOf } from "./summary";

const LARGEST = 15;

/** The plan as one page that needs nothing else: for a reviewer who has no terminal at hand. */
export function renderHtml(plan: Plan): string {
  const body = [header(plan), changes(plan), policies(plan), cost(plan), steps(plan), sizes(plan), resources(plan)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Basin plan: ${escape(plan.stack)}</title>
<style>${STYLE}</style>
</head>
<body>
${body.filter((part) => part !== "").join("\n")}
</body>
</html>
`;
}

function header(plan: Plan): string {
  const { min, expected, max } = plan.cost.monthly;
  const broken = mandatoryViolations(plan).length;
  const advisory = plan.policies.violations.length - broken;
  const verdict = broken === 0 ? `<b class="good">holds</b>` : `<b class="bad">${broken} broken</b>`;
  return `<header>
<h1>Stack ${escape(plan.stack)}</h1>
<span class="soft">${escape(plan.region)}, planned without AWS; nothing was deployed</span>
<div class="figures">
<div><b>${treeOf(plan.resources).count}</b>resources</div>
<div><b>${plan.steps.length}</b>steps</div>
<div>${verdict}policies, ${plan.policies.checked} checks, ${advisory} advisory</div>
<div><b>${dollars(expected)}</b>a month, ${dollars(min)} to ${dollars(max)}</div>
</div>
</header>`;
}

function changes({ changes: found }: Plan): string {
  if (!found) return "";
  const rows = found.resources.map(({ operation, urn, properties, cause }) => {
    const mood = operation === "replace" || operation === "delete" ? "bad" : "good";
    return [
      `<span class="${mood}">${operation}</span>`,
      named(urn),
      escape(properties.join(", ")),
      escape(cause ?? ""),
    ];
  });
  const delta = `${found.costDelta < 0 ? "" : "+"}${dollars(found.costDelta)} a month`;
  const body = rows.length === 0 ? "<p>None.</p>" : table(["Operation", "Resource", "Properties", "Cause"], rows);
  return section(`Changes <span class="soft">${delta}</span>`, body);
}

function policies({ policies: { violations } }: Plan): string {
  if (violations.length === 0) return "";
  const rows = violations.map(({ enforcement, undecided, policy, urn, message, value, fix, controls }) => {
    const mood = undecided ? "soft" : enforcement === "mandatory" ? "bad" : "warn";
    const found = value === undefined ? "" : `<pre>${escape(JSON.stringify(value, null, 1))}</pre>`;
    return [
      `<span class="${mood}">${undecided ? "undecided" : enforcement}</span>`,
      `<code>${escape(policy)}</code><br><span class="soft">${escape(controls.join(" · "))}</span>`,
      named(urn),
      `${escape(message)}${found}<br><span class="soft">fix</span> <code>${escape(fix)}</code>`,
    ];
  });
  return section("Policies", table(["", "Policy", "Resource", "What"], rows));
}

function cost(plan: Plan): string {
  const items = largestItems(plan, LARGEST);
  const most = items[0]?.monthly ?? 0;
  const rows = items.map(({ service, description, dataset, monthly, price }) => [
    escape(service),
    `${escape(description)}<br><span class="soft">price of ${escape(price.date)}, ${escape(price.source)}</span>`,
    escape(dataset ?? ""),
    `<div class="bar" style="width:${most === 0 ? 0 : Math.round((monthly / most) * 100)}%"></div>`,
    dollars(monthly),
  ]);
  const unknown = plan.cost.unknown.map((what) => `<li>${escape(what)}</li>`).join("");
  const rest = unknown === "" ? "" : `<p class="warn">Not known:</p><ul>${unknown}</ul>`;
  return section("Cost a month", table(["Service", "For", "Dataset", "", "USD"], rows, 4) + rest);
}

function steps(plan: Plan): string {
  const rows = plan.steps.map(({ dataset, way, after, latencySeconds, args }) => [
    `<b>${escape(dataset)}</b>`,
    escape(way),
    escape(after.join(", ") || "–"),
    roughly(latencySeconds),
    `<details><summary>spark-submit</summary><pre>${escape(args.join(" "))}</pre></details>`,
  ]);
  return section("Steps", table(["Dataset", "Way", "After", "Oldest row a reader finds", "Command"], rows));
}

function sizes({ capacity }: Plan): string {
  const rows = [
    ...capacity.streams.map(({ dataset, shards, mode, reason }) => [dataset, `${shards} shards, ${mode}`, reason]),
    ...capacity.ways.map(({ dataset, way, reason }) => [dataset, `${way} way`, reason]),
    ...capacity.archives.map(({ dataset, reason }) => [dataset, "archive", reason]),
    ...capacity.clusters.map(({ name, reason }) => [name, "cluster", reason]),
    ...capacity.standing.map(({ name, reason }) => [name, "cluster that stands", reason]),
    ...capacity.software.flatMap(({ cluster, settings }) =>
      settings.map(({ key, value, why }) => [cluster, `${key} = ${value}`, why]),
    ),
    ...capacity.tables.map(({ dataset, shufflePartitions, reason }) => [
      dataset,
      `${shufflePartitions} shuffle partitions`,
      reason,
    ]),
  ];
  return section(
    "Sizes",
    table(
      ["For", "Size", "Why"],
      rows.map((row) => row.map(escape)),
    ),
  );
}

function resources(plan: Plan): string {
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const render = (resource: PlannedResource): string => {
    const { urn, name, type, inputs, options } = resource;
    const marks = [options.protect ? "protected" : "", options.retainOnDelete ? "retained" : ""]
      .filter(Boolean)
      .join(", ");
    const title = `<b>${escape(name)}</b> <span class="soft">${escape(kindOf(type))} ${marks}</span>`;
    const inside = (children.get(urn) ?? []).map(render).join("");
    const own = isComponent(resource) ? "" : `<pre>${escape(JSON.stringify(inputs, null, 1))}</pre>`;
    return `<details><summary>${title}</summary>${own}${inside}</details>`;
  };
  return section("Resources", (children.get(null) ?? []).map(render).join("\n"));
}

function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>\n${body}\n</section>`;
}

/** Cells are HTML already; `right` is the column of figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[], right?: number): string {
  const mark = (index: number): string => (index === right ? ' class="number"' : "");
  const titles = head.map((title, index) => `<th${mark(index)}>${escape(title)}</th>`).join("");
  const lines = rows.map((row) => `<tr>${row.map((cell, index) => `<td${mark(index)}>${cell}</td>`).join("")}</tr>`);
  return `<table><thead><tr>${titles}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table>`;
}

function named(urn: string): string {
  return `<code title="${escape(urn)}">${escape(nameOf(urn))}</code>`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
