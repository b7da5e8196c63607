import jobs from "../../jobs/basin_jobs/telemetry/metrics.json";
import { fixed, type BillScope, type Priced, type PricedResource } from "./line";

const METRICS_A_DATASET = Object.keys(jobs.metrics).length;

/** What is written is billed by use; what jobs publish becomes metrics of one's own, once a dataset. */
export function logGroupLines(scope: BillScope, resource: PricedResource): Priced {
  const datasets = resource.name?.endsWith("-jobs") === true ? [...scope.runs.keys()] : [];
  return {
    lines: datasets.map((dataset) => ({
      resource,
      dataset,
      service: "CloudWatch",
      description: `metrics of the runs of ${dataset}`,
      unit: "metric-month",
      quantity: fixed(METRICS_A_DATASET),
      price: "metric" as const,
    })),
    unknown: ["CloudWatch logs: by what is written"],
  };
}
