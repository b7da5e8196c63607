import type { Dataset } from "../declarations/dataset";
import { inDependencyOrder, inputsOf } from "../declarations/dataset-graph";

/** Datasets that depend on each other, directly or over others: they share a cluster, its role and a state machine. */
export interface Group {
  /** Name of its first dataset: the group's identity, so a dataset that joins later changes no name unless it comes first. */
  readonly name: string;
  /** In dependency order. */
  readonly datasets: readonly Dataset[];
  /** Steps from a source to the dataset: 0 for what comes from outside. */
  readonly level: ReadonlyMap<string, number>;
}

/** Connected components over `from`, in dependency order of their first datasets. Inputs that are not given do not connect. */
export function connectedGroups(datasets: readonly Dataset[]): Group[] {
  const ordered = inDependencyOrder(datasets);
  const root = new Map(ordered.map((dataset) => [dataset.name, dataset.name]));
  const find = (name: string): string => {
    let top = name;
    for (let next = root.get(top); next !== undefined && next !== top; next = root.get(top)) top = next;
    root.set(name, top);
    return top;
  };
  for (const dataset of ordered) {
    for (const input of inputsOf(dataset)) if (root.has(input)) root.set(find(input), find(dataset.name));
  }
  const members = new Map<string, Dataset[]>();
  for (const dataset of ordered) {
    const top = find(dataset.name);
    members.set(top, [...(members.get(top) ?? []), dataset]);
  }
  return [...members.values()].map(groupOf);
}

/** A group of these datasets, which come in dependency order; inputs that are not among them do not count. */
export function groupOf(datasets: readonly Dataset[]): Group {
  const level = new Map<string, number>();
  for (const dataset of datasets) {
    level.set(dataset.name, Math.max(0, ...knownInputs(dataset, level).map((input) => (level.get(input) ?? 0) + 1)));
  }
  return { name: datasets[0]?.name ?? "", datasets, level };
}

/** Inputs of the dataset that are in the group, too. */
export function knownInputs(dataset: Dataset, known: ReadonlyMap<string, unknown>): string[] {
  return inputsOf(dataset).filter((input) => known.has(input));
}
