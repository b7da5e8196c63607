import type { Dataset } from "../../../declarations/dataset";
import { formatDuration } from "../../../declarations/units";
import { isRetired, type Environment } from "../../environment";
import { jobMetric } from "../metrics/jobs";
import { ONCE, type Alarm } from "./alarm";

const MINUTE = 60;
const DAY = 86_400;
const LONGEST_WINDOW = 7 * DAY;
const PARTS = 12;

/** What the readers of a dataset were promised. A retired dataset has no jobs, so nothing is due. */
export function datasetAlarms(environment: Environment): Alarm[] {
  const active = environment.datasets.filter((dataset) => !isRetired(environment, dataset));
  return active.flatMap((dataset) => [
    ...freshness(environment, dataset),
    ...rejects(environment, dataset),
    versionMissing(environment, dataset),
  ]);
}

/** Two ways to be late: a run that brought rows too late, and no run at all, which publishes nothing. */
function freshness(environment: Environment, dataset: Dataset): Alarm[] {
  const { name, owner } = dataset;
  const promised = formatDuration(dataset.freshness);
  const shared = { subject: name, dataset: name, owner, severity: "page" } as const;
  const late: Alarm = {
    ...shared,
    ...ONCE,
    kind: "freshness",
    meaning: `Rows of ${name} became visible later than ${promised} after they came in.`,
    signal: { kind: "metric", metric: jobMetric(environment, "CommitAge", "Maximum", name) },
    comparison: "above",
    threshold: dataset.freshness,
    missing: { treat: "notBreaching", why: "only a run publishes it; that no run comes is `silence`" },
  };
  const window = silenceWindow(dataset.freshness);
  if (window === undefined) return [late];
  const silence: Alarm = {
    ...shared,
    kind: "silence",
    meaning: `No run of ${name} has succeeded for ${promised}, which is how old its readers may find it.`,
    signal: { kind: "metric", metric: jobMetric(environment, "CommitAge", "SampleCount", name) },
    comparison: "below",
    threshold: 1,
    ...window,
    missing: { treat: "breaching", why: "a job that does not run publishes nothing, and that is the trouble" },
  };
  return [late, silence];
}

/**
 * Periods that cover a freshness. A twelfth each: where a period is empty CloudWatch looks at older ones instead of
 * counting it as missing, so that one long period would be told three times too late.
 *
 * @returns undefined beyond seven days, as far as CloudWatch looks back: there a failed execution is the first sign.
 */
export function silenceWindow(
  freshness: number,
): Pick<Alarm, "periodSeconds" | "evaluationPeriods" | "datapointsToAlarm"> | undefined {
  if (freshness > LONGEST_WINDOW) return undefined;
  const periodSeconds = Math.max(1, Math.floor(freshness / PARTS / MINUTE)) * MINUTE;
  const periods = Math.min(
    Math.ceil(freshness / periodSeconds),
    Math.floor(longestWindow(periodSeconds) / periodSeconds),
  );
  return { periodSeconds, evaluationPeriods: periods, datapointsToAlarm: periods };
}

/** CloudWatch looks back a day in periods below an hour, and seven days in longer ones. Source: PutMetricAlarm. */
function longestWindow(periodSeconds: number): number {
  return periodSeconds < 60 * MINUTE ? DAY : LONGEST_WINDOW;
}

/** Where every row may be rejected there is nothing to watch. */
function rejects(environment: Environment, { name, owner, maxRejected }: Dataset): Alarm[] {
  if (maxRejected >= 1) return [];
  return [
    {
      ...ONCE,
      kind: "rejects",
      subject: name,
      dataset: name,
      owner,
      severity: "page",
      meaning: `More than ${maxRejected * 100} % of the records that came in for ${name} break its declaration.`,
      signal: {
        kind: "share",
        part: jobMetric(environment, "RowsRejected", "Sum", name),
        whole: jobMetric(environment, "RowsIn", "Sum", name),
      },
      comparison: "above",
      threshold: maxRejected,
      missing: { treat: "notBreaching", why: "no run, no records" },
    },
  ];
}

function versionMissing(environment: Environment, { name, owner }: Dataset): Alarm {
  return {
    ...ONCE,
    kind: "version-missing",
    subject: name,
    dataset: name,
    owner,
    severity: "page",
    meaning: `A run of ${name} accepted rows and ended well, yet the table has no new version.`,
    signal: { kind: "metric", metric: jobMetric(environment, "VersionMissing", "Maximum", name) },
    comparison: "above",
    threshold: 0,
    missing: { treat: "notBreaching", why: "no run, no version due" },
  };
}
