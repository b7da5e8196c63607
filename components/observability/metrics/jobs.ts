import declared from "../../../jobs/basin_jobs/telemetry/metrics.json";
import type { Environment } from "../../environment";
import { defineMetrics, metric, type Metric, type MetricDefinition, type Statistic } from "./metric";

const SOURCE = "jobs/basin_jobs/telemetry/metrics.json";

export type JobMetric = keyof typeof declared.metrics;

const UNITS = declared.metrics as Readonly<Record<JobMetric, { readonly unit: string }>>;

/** What every run of a job publishes, declared once for those who publish and those who watch. */
export const JOBS: Readonly<Record<JobMetric, MetricDefinition>> = defineMetrics(
  { namespace: declared.namespace, dimensions: declared.dimensions, source: SOURCE },
  UNITS as Readonly<Record<JobMetric, { readonly unit: MetricDefinition["unit"] }>>,
);

/** The value of the `Stack` dimension: two stacks of one account are told apart by it. */
export function stackDimension({ settings }: Pick<Environment, "settings">): string {
  return `${settings.prefix}-${settings.stack}`;
}

export function jobMetric(
  environment: Pick<Environment, "settings">,
  name: JobMetric,
  statistic: Statistic,
  dataset: string,
): Metric {
  return metric(JOBS[name], statistic, { Stack: stackDimension(environment), Dataset: dataset });
}
