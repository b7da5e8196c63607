import type { Alarm, MissingData, Signal } from "../alarms/alarm";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One period's value; undefined where nothing was published. */
export type DataPoint = number | undefined;

type Rule = Pick<Alarm, "comparison" | "threshold" | "evaluationPeriods" | "datapointsToAlarm"> & {
  readonly missing: MissingData;
};

/** How many periods before those that it judges CloudWatch looks at when some of them are missing. */
const LOOK_BACK = 2;

/**
 * The state after every period, as CloudWatch decides it.
 *
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": it looks at more periods than it
 * judges; where enough of them have data, the most recent of these decide and the missing ones do not count; where not,
 * the missing ones count as the alarm says. An alarm that says `missing` or `ignore` still fires when the oldest data
 * point of the window breaches, is old enough, and nothing after it was within the threshold.
 */
export function statesAfter(rule: Rule, points: readonly DataPoint[]): AlarmState[] {
  const states: AlarmState[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  points.forEach((_, index) => {
    const first = Math.max(0, index + 1 - rule.evaluationPeriods - LOOK_BACK);
    const window = points.slice(first, index + 1);
    // Before the first point there was nothing either.
    const before = Array<DataPoint>(rule.evaluationPeriods + LOOK_BACK - window.length).fill(undefined);
    state = stateOf(rule, [...before, ...window], state);
    states.push(state);
  });
  return states;
}

/** The state that one window of `evaluationPeriods + 2` periods, oldest first, gives. */
export function stateOf(rule: Rule, window: readonly DataPoint[], previous: AlarmState): AlarmState {
  const breaches = (value: number): boolean =>
    rule.comparison === "above" ? value > rule.threshold : value < rule.threshold;
  const real = window.filter((value) => value !== undefined).map(breaches);
  if (real.length >= rule.evaluationPeriods) return judged(rule, real.slice(-rule.evaluationPeriods));
  const filled = rule.evaluationPeriods - real.length;
  switch (rule.missing) {
    case "breaching":
      return judged(rule, [...real, ...Array<boolean>(filled).fill(true)]);
    case "notBreaching":
      return judged(rule, [...real, ...Array<boolean>(filled).fill(false)]);
    case "missing":
    case "ignore":
      return withoutFilling(rule, window, real, previous, breaches);
  }
}

function withoutFilling(
  rule: Rule,
  window: readonly DataPoint[],
  real: readonly boolean[],
  previous: AlarmState,
  breaches: (value: number) => boolean,
): AlarmState {
  const age = window.length - window.findIndex((value) => value !== undefined && breaches(value));
  const allBreach = real.length > 0 && real.every(Boolean);
  if (allBreach && age >= rule.datapointsToAlarm) return rule.missing === "missing" ? "ALARM" : previous;
  if (real.length === 0) return rule.missing === "missing" ? "INSUFFICIENT_DATA" : previous;
  return judged(rule, real);
}

function judged(rule: Rule, breached: readonly boolean[]): AlarmState {
  return breached.filter(Boolean).length >= rule.datapointsToAlarm ? "ALARM" : "OK";
}

/** The rule of an alarm, for `statesAfter`. */
export function ruleOf(alarm: Alarm): Rule {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missing } = alarm;
  return { comparison, threshold, evaluationPeriods, datapointsToAlarm, missing: missing.treat };
}

/** What a signal is worth in a period: `values` holds its series in their order, undefined where nothing was published. */
export function valueOf(signal: Signal, values: readonly DataPoint[]): DataPoint {
  const known = values.filter((value) => value !== undefined);
  switch (signal.kind) {
    case "metric":
      return values[0];
    case "worst":
      if (known.length === 0) return undefined;
      return signal.of === "Maximum" ? Math.max(...known) : Math.min(...known);
    case "sum":
      return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
    case "share": {
      const [part, whole] = values;
      if (part === undefined || whole === undefined) return undefined;
      return whole > 0 ? part / whole : 0;
    }
  }
}
