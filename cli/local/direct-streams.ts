import { inputsOf } from "../../declarations/dataset-graph";
import type { Dataset } from "../../declarations/dataset";
import type { Step } from "../../components/pipelines/step";

/** What the archive way's run is told of what a direct stream's job is told; all of it comes in pairs. */
const TOLD = new Set(["--dataset", "--raw", "--lake", "--lock-table", "--export-database", "--sweep"]);

/** The arguments of a job that reads a stream, as those of the run that reads the stream's archive. */
export function readsArchive(args: readonly string[]): readonly string[] {
  const [operation, ...pairs] = args;
  if (operation !== "stream") return args;
  const kept = pairs.filter((_, index) => TOLD.has(pairs[index - (index % 2)] ?? ""));
  return ["silver", ...kept];
}

/** Here a direct stream's step ends, as its archive does: what derives from it waits for it. */
export function afterStreams(steps: readonly Step[], datasets: readonly Dataset[]): Step[] {
  const direct = new Set(steps.filter(({ way }) => way === "direct").map(({ dataset }) => dataset));
  const inputs = new Map(datasets.map((dataset) => [dataset.name, inputsOf(dataset)]));
  return steps.map((step) => ({
    ...step,
    after: [...step.after, ...(inputs.get(step.dataset) ?? []).filter((input) => direct.has(input))],
  }));
}
