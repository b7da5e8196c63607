import { zoneOf, type Dataset } from "../../declarations/dataset";
import { inDependencyOrder } from "../../declarations/dataset-graph";
import { loadDatasets } from "../../declarations/load";
import { formatDuration } from "../../declarations/units";

/**
 * One line for each valid dataset, inputs before what is derived from them.
 *
 * @throws InputError with every fault of every file.
 */
export function checkDatasets(folder: string): string[] {
  const datasets = inDependencyOrder(loadDatasets(folder));
  const width = Math.max(...datasets.map((dataset) => dataset.name.length));
  return datasets.map((dataset) => `ok  ${dataset.name.padEnd(width)}  ${describe(dataset)}`);
}

function describe(dataset: Dataset): string {
  const columns = `${dataset.columns.length} columns`;
  return `${zoneOf(dataset)}  ${origin(dataset)}; ${columns}; at most ${formatDuration(dataset.freshness)} old`;
}

function origin({ source }: Dataset): string {
  switch (source.kind) {
    case "derived":
      return `from ${source.from.join(", ")}`;
    case "database":
      return `database ${source.connection}`;
    default:
      return `${source.kind}, ${source.format}`;
  }
}
