import type { Dataset } from "../../declarations/dataset";
import { formatDuration } from "../../declarations/units";
import { grid } from "../grid";
import type { Report } from "./report";

/** What the alarms of a deployed stack would see of this run: freshness and rejects, beside what was promised. */
export function alarmFigures(runs: readonly { readonly dataset: Dataset; readonly report: Report }[]): string {
  return grid(
    ["alarms would see", "oldest row was", "promised", "rejected", "allowed"],
    runs.map(({ dataset, report: { run } }) => [
      dataset.name,
      run.batches === 0 ? "nothing new" : formatDuration(Math.round(run.commitAgeSeconds)),
      formatDuration(dataset.freshness),
      percent(run.rowsIn === 0 ? 0 : run.rowsRejected / run.rowsIn),
      percent(dataset.maxRejected),
    ]),
  );
}

/** Two significant digits: one reject in a million is not none. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
