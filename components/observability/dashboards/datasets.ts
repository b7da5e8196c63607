import type { Environment } from "../../environment";
import { JOBS, jobMetric, stackDimension, type JobMetric } from "../metrics/jobs";
import type { Statistic } from "../metrics/metric";
import type { Dashboard, Widget } from "./dashboard";
import { vcpuSecondPrice } from "./price";

/** One dataset, whichever is chosen: rows, bytes, files, bloat, freshness and cost. */
export function datasetsDashboard(environment: Environment): Dashboard {
  const placeholder = "ANY_DATASET";
  const series = (name: JobMetric, statistic: Statistic) => jobMetric(environment, name, statistic, placeholder);
  const one = (title: string, name: JobMetric, statistic: Statistic): Widget => ({
    kind: "series",
    title,
    series: [series(name, statistic)],
  });
  return {
    role: "datasets",
    choice: {
      label: "Dataset",
      placeholder,
      definition: JOBS.TableVersion,
      populateFrom: "Dataset",
      where: { Stack: stackDimension(environment) },
    },
    widgets: [
      one("Freshness: age of the oldest row when it became visible (seconds)", "CommitAge", "Maximum"),
      {
        kind: "series",
        title: "Rows: in, accepted, rejected",
        series: [series("RowsIn", "Sum"), series("RowsAccepted", "Sum"), series("RowsRejected", "Sum")],
      },
      one("Rows of the table", "TableRows", "Maximum"),
      one("Bytes of the table", "TableBytes", "Maximum"),
      one("Files of the table", "TableFiles", "Maximum"),
      {
        kind: "formula",
        title: "Bloat: mean size of a file (bytes; falls as files splinter)",
        series: [series("TableBytes", "Maximum"), series("TableFiles", "Maximum")],
        formula: "IF(m2 > 0, m1 / m2, 0)",
        label: "bytes a file",
      },
      one("Bloat: files below half of the size they should have, after upkeep", "SmallFiles", "Maximum"),
      one("Bloat: bytes of versions that nobody may read any more, after upkeep", "UnneededBytes", "Maximum"),
      one("Run time (seconds)", "RunSeconds", "Maximum"),
      {
        kind: "formula",
        title: "Cost of its runs (USD, by vCPU time at the mean price)",
        series: [series("CoreSeconds", "Sum")],
        formula: `m1 * ${vcpuSecondPrice(environment)}`,
        label: "USD",
      },
      one("Version of the table", "TableVersion", "Maximum"),
    ],
  };
}
