import type { Metric, MetricDefinition } from "../metrics/metric";

/** `page` wakes somebody up: readers are, or soon will be, served worse than was promised. `ticket` waits for the day. */
export type Severity = "page" | "ticket";

/** What an alarm looks at: one metric, several added up, or a part of a whole (0 where the whole is 0). */
export type Signal =
  | { readonly kind: "metric"; readonly metric: Metric }
  | { readonly kind: "sum"; readonly metrics: readonly Metric[] }
  | { readonly kind: "share"; readonly part: Metric; readonly whole: Metric }
  /** The worst of all series of a metric: clusters that live for one run have no name that is known before. */
  | { readonly kind: "worst"; readonly definition: MetricDefinition; readonly of: "Maximum" | "Minimum" };

export type Comparison = "above" | "below";

/** How CloudWatch takes a period without a data point. */
export type MissingData = "breaching" | "notBreaching" | "ignore" | "missing";

/** Every kind of alarm. `docs/runbooks/<kind>.md` says what it means and what to do. */
export const ALARM_KINDS = [
  "freshness",
  "silence",
  "rejects",
  "version-missing",
  "batch-time",
  "iterator-age",
  "stream-lag",
  "write-throttles",
  "read-throttles",
  "delivery-lag",
  "delivery-failures",
  "replication-lag",
  "replication-stopped",
  "failed-executions",
  "dropped-schedules",
  "storage-errors",
  "denied-requests",
  "denied-keys",
  "spot-loss",
  "undelivered-alerts",
  "unhealthy-nodes",
  "pending-containers",
  "yarn-memory",
  "hdfs",
  "scaling-limit",
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** One alarm, before any resource is made of it. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What it watches, as `flights`: with the kind its identity and its name. */
  readonly subject: string;
  readonly severity: Severity;
  readonly owner: string;
  /** The dataset whose readers feel it; none for what belongs to the platform. */
  readonly dataset?: string;
  /** One sentence: what is wrong while it is in alarm. */
  readonly meaning: string;
  readonly signal: Signal;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: { readonly treat: MissingData; readonly why: string };
}

/** Nothing published, nothing wrong: metrics that only exist while there is something to count. */
export const QUIET_WHEN_MISSING: Alarm["missing"] = {
  treat: "notBreaching",
  why: "the service publishes it only when there is something to count",
};

/** A rate that must persist: two of three periods of five minutes. */
export const PERSISTENT = { periodSeconds: 300, evaluationPeriods: 3, datapointsToAlarm: 2 } as const;

/** A single event is enough. */
export const ONCE = { periodSeconds: 300, evaluationPeriods: 1, datapointsToAlarm: 1 } as const;

export function definitionsOf(signal: Signal): readonly MetricDefinition[] {
  switch (signal.kind) {
    case "worst":
      return [signal.definition];
    case "metric":
    case "sum":
    case "share":
      return seriesOf(signal).map(({ definition }) => definition);
  }
}

/** The series in the order in which a rendered expression names them. */
export function seriesOf(signal: Exclude<Signal, { kind: "worst" }>): readonly Metric[] {
  switch (signal.kind) {
    case "metric":
      return [signal.metric];
    case "sum":
      return signal.metrics;
    case "share":
      return [signal.part, signal.whole];
  }
}

/** Its identity in the state and, behind prefix and stack, its name: `<kind>-<subject>`. */
export function alarmId({ kind, subject }: Pick<Alarm, "kind" | "subject">): string {
  return `${kind}-${subject}`;
}
