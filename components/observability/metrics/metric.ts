import type * as pulumi from "@pulumi/pulumi";

export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";

/** A metric that somebody is known to publish, and the values that it can have. */
export interface MetricDefinition {
  readonly namespace: string;
  readonly name: string;
  /** All of them, and no others: CloudWatch finds nothing under a part of a metric's dimensions. */
  readonly dimensions: readonly string[];
  readonly unit: "Count" | "Percent" | "Seconds" | "Milliseconds" | "Bytes" | "None";
  /** What one data point may be: an alarm whose threshold lies outside could never fire, or always would. */
  readonly range: readonly [least: number, most: number];
  /** The page of AWS's documentation that lists it, or the file in which a job declares it. */
  readonly source: string;
}

/** One series: a definition with the values of its dimensions. */
export interface Metric {
  readonly definition: MetricDefinition;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: Statistic;
}

type Definitions<Name extends string> = Readonly<Record<Name, MetricDefinition>>;
type Written = Pick<MetricDefinition, "unit"> & Partial<Pick<MetricDefinition, "range">>;

/** Metrics of one namespace under the same dimensions. A percentage lies between 0 and 100, all else at or above 0. */
export function defineMetrics<Name extends string>(
  shared: Pick<MetricDefinition, "namespace" | "dimensions" | "source">,
  metrics: Readonly<Record<Name, Written>>,
): Definitions<Name> {
  const entries = Object.entries<Written>(metrics).map(([name, { unit, range }]) => {
    const definition: MetricDefinition = {
      ...shared,
      name,
      unit,
      range: range ?? (unit === "Percent" ? [0, 100] : [0, Number.MAX_SAFE_INTEGER]),
    };
    return [name, definition] as const;
  });
  return Object.fromEntries(entries) as Definitions<Name>;
}

/** @throws Error where a dimension of the definition has no value, or one that it does not have has one. */
export function metric(
  definition: MetricDefinition,
  statistic: Statistic,
  dimensions: Readonly<Record<string, pulumi.Input<string>>>,
): Metric {
  const given = Object.keys(dimensions).sort().join(", ");
  const declared = [...definition.dimensions].sort().join(", ");
  if (given !== declared) {
    throw new Error(`${definition.namespace} ${definition.name} has the dimensions ${declared}; found ${given}`);
  }
  return { definition, dimensions, statistic };
}
