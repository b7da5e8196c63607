import { zoneOf, type Dataset } from "./dataset";
import type { Fault } from "./faults";

/** A dataset as far as the graph needs it: also of a file that has faults elsewhere. */
export type GraphNode = Pick<Dataset, "name" | "file"> & Partial<Pick<Dataset, "source">>;

/** What the datasets of one folder must fulfil together: every `from` is known, and nothing is derived from itself. */
export function graphRules(datasets: readonly GraphNode[]): Fault[] {
  const names = new Set(datasets.map((dataset) => dataset.name));
  const faults: Fault[] = [];
  for (const dataset of datasets) {
    inputsOf(dataset).forEach((name, index) => {
      if (names.has(name)) return;
      const allowed = `a dataset of this folder: ${[...names].sort().join(", ")}`;
      faults.push({
        where: dataset.file,
        key: `source.from[${index}]`,
        message: "is not a dataset",
        found: name,
        allowed,
      });
    });
  }
  const cycle = findCycle(datasets);
  if (cycle) {
    const first = datasets.find((dataset) => dataset.name === cycle[0]);
    faults.push({
      where: first?.file ?? "datasets",
      key: "source.from",
      message: "is a cycle",
      found: cycle.join(" → "),
    });
  }
  return faults;
}

/** Names in `from`; empty for what comes from outside. */
export function inputsOf({ source }: Pick<GraphNode, "source">): readonly string[] {
  return source?.kind === "derived" ? source.from : [];
}

/**
 * Inputs before what is derived from them; by name among equals, so that two runs agree.
 * The datasets must have passed `graphRules`.
 */
export function inDependencyOrder(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const ordered = new Set<Dataset>();
  const visit = (dataset: Dataset): void => {
    if (ordered.has(dataset)) return;
    for (const name of [...inputsOf(dataset)].sort()) {
      const input = byName.get(name);
      if (input) visit(input);
    }
    ordered.add(dataset);
  };
  [...datasets].sort((a, b) => zoneRank(a) - zoneRank(b) || compare(a.name, b.name)).forEach(visit);
  return [...ordered];
}

function zoneRank(dataset: Dataset): number {
  return zoneOf(dataset) === "silver" ? 0 : 1;
}

/** Code-unit order: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function findCycle(datasets: readonly GraphNode[]): string[] | undefined {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const dataset = byName.get(name);
    if (!dataset || done.has(name)) return undefined;
    path.push(name);
    for (const input of inputsOf(dataset)) {
      const cycle = visit(input);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(name);
    return undefined;
  };
  for (const dataset of datasets) {
    const cycle = visit(dataset.name);
    if (cycle) return cycle;
  }
  return undefined;
}
