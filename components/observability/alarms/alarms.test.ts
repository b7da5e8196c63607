import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../../capacity/index";
import { EXAMPLE_CONNECTION, exampleDataset, exampleEnvironment, exampleStream } from "../../../tests/environment";
import { JOBS } from "../metrics/jobs";
import type { MetricDefinition } from "../metrics/metric";
import { SERVICE_METRICS } from "../metrics/services";
import { ruleOf, statesAfter, valueOf, type AlarmState, type DataPoint } from "../testing/evaluate";
import { ALARM_KINDS, alarmId, definitionsOf, type Alarm, type AlarmKind } from "./alarm";
import { alarmsOf } from "./all";
import { silenceWindow } from "./datasets";

const RUNBOOKS = resolve(__dirname, "..", "..", "..", "docs", "runbooks");
const HOUR = 3_600;
const DAY = 24 * HOUR;

const fromDatabase = { source: { kind: "database", connection: "fleet", table: "public.planes" }, key: ["id"] };
const datasets = [
  exampleStream("events", { freshness: "1 hour" }),
  exampleDataset("places", { freshness: "2 days" }),
  exampleDataset("planes", { ...fromDatabase, freshness: "2 days" }),
  // Read by a cluster that stands.
  exampleStream("trades", { key: ["id"], sequence: "id", freshness: "2 minutes" }),
];
const unsized = exampleEnvironment("prod", {
  datasets,
  settings: {
    connections: { fleet: EXAMPLE_CONNECTION },
    spark: { standing: { live: { generations: ["blue"], active: "blue" } } },
  },
});
const environment = { ...unsized, capacity: sizePlatform(unsized.settings, datasets) };
const alarms = alarmsOf(environment, [{ name: "live", jobFlowId: "j-1", maximumUnits: 40 }]);

/** A few periods of an ordinary day, and of the trouble that the alarm is for, in its signal's own values. */
const SERIES: Readonly<
  Record<AlarmKind, { readonly good: readonly DataPoint[][]; readonly bad: readonly DataPoint[][] }>
> = {
  freshness: { good: [[0], [1_200], [3_600]], bad: [[3_601], [9_000]] },
  silence: { good: [[1]], bad: [[undefined]] },
  rejects: {
    good: [
      [0, 0],
      [5, 100],
      [undefined, undefined],
    ],
    bad: [[6, 100]],
  },
  "version-missing": { good: [[0], [undefined]], bad: [[1]] },
  "batch-time": { good: [[60], [undefined]], bad: [[3_601]] },
  "iterator-age": { good: [[2_000], [600_000]], bad: [[3 * DAY * 1_000]] },
  "stream-lag": { good: [[0], [119_000], [undefined]], bad: [[121_000], [9_000_000]] },
  "write-throttles": { good: [[0], [undefined]], bad: [[1], [5_000]] },
  "read-throttles": { good: [[0], [undefined]], bad: [[1], [5_000]] },
  "delivery-lag": { good: [[60], [310]], bad: [[4_000]] },
  "delivery-failures": { good: [[1], [undefined]], bad: [[0.5], [0]] },
  "replication-lag": { good: [[60], [undefined]], bad: [[90_000]] },
  "replication-stopped": { good: [[30]], bad: [[undefined], [90_000]] },
  "failed-executions": {
    good: [
      [undefined, undefined, undefined],
      [0, 0, 0],
    ],
    bad: [
      [1, 0, 0],
      [undefined, 1, undefined],
    ],
  },
  "dropped-schedules": { good: [[undefined], [0]], bad: [[1]] },
  "storage-errors": {
    good: [
      [0, 10_000],
      [90, 10_000],
      [0, 0],
    ],
    bad: [[200, 10_000]],
  },
  "denied-requests": {
    good: [
      [400, 10_000],
      [0, 0],
    ],
    bad: [[600, 10_000]],
  },
  "denied-keys": { good: [[undefined]], bad: [[1]] },
  "spot-loss": { good: [[undefined], [3]], bad: [[11]] },
  "undelivered-alerts": { good: [[undefined], [0]], bad: [[1]] },
  "unhealthy-nodes": { good: [[0], [undefined]], bad: [[1]] },
  "pending-containers": { good: [[0], [90]], bad: [[400]] },
  "yarn-memory": { good: [[60], [10]], bad: [[4]] },
  hdfs: { good: [[12], [80]], bad: [[81], [99]] },
  "scaling-limit": { good: [[12], [39]], bad: [[40], [90]] },
};

/** As many periods as any window needs, going through the values again and again. */
function periods(alarm: Alarm, values: readonly DataPoint[][]): DataPoint[] {
  const count = alarm.evaluationPeriods + 4;
  return Array.from({ length: count }, (_, index) => valueOf(alarm.signal, values[index % values.length] ?? []));
}

function lastState(alarm: Alarm, points: readonly DataPoint[]): AlarmState | undefined {
  return statesAfter(ruleOf(alarm), points).at(-1);
}

const firstOf = (kind: AlarmKind): Alarm => {
  const found = alarms.find((alarm) => alarm.kind === kind);
  if (found === undefined) throw new Error(`no alarm of kind ${kind}`);
  return found;
};

describe.each(ALARM_KINDS)("%s", (kind) => {
  const { good, bad } = SERIES[kind];
  const alarm = firstOf(kind);

  it("stays quiet on ordinary days", () => {
    for (const values of good) expect(lastState(alarm, periods(alarm, [values])), String(values)).toBe("OK");
    expect(statesAfter(ruleOf(alarm), periods(alarm, good))).not.toContain("ALARM");
  });

  it("fires on its trouble, and recovers when that is over", () => {
    for (const values of bad) {
      const trouble = periods(alarm, [values]);
      expect(lastState(alarm, trouble), String(values)).toBe("ALARM");
      expect(lastState(alarm, [...trouble, ...periods(alarm, [good[0] ?? []])])).toBe("OK");
    }
  });

  it("has a page that says what it means, where to look first, how to mend it and how to test it", () => {
    const page = join(RUNBOOKS, `${kind}.md`);
    expect(existsSync(page), page).toBe(true);
    const headings = [...readFileSync(page, "utf8").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["Meaning", "First look", "Fix", "Test it"]);
  });
});

describe("alarms", () => {
  it("all have an identity of their own", () => {
    const ids = alarms.map(alarmId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("watch metrics that somebody publishes", () => {
    const known = new Set<MetricDefinition>([...SERVICE_METRICS, ...Object.values(JOBS)]);
    for (const { signal } of alarms) for (const each of definitionsOf(signal)) expect(known).toContain(each);
  });

  it("can fire and can be quiet: a threshold lies within what its metric can be", () => {
    for (const alarm of alarms) {
      const [least, most] = alarm.signal.kind === "share" ? [0, 1] : (definitionsOf(alarm.signal)[0]?.range ?? [0, 0]);
      const breaches = (value: number) =>
        alarm.comparison === "above" ? value > alarm.threshold : value < alarm.threshold;
      expect([least, most].map(breaches).sort(), alarmId(alarm)).toEqual([false, true]);
    }
  });

  it("look back no further than CloudWatch does, in periods that it knows", () => {
    for (const { periodSeconds, evaluationPeriods, datapointsToAlarm } of alarms) {
      expect(periodSeconds % 60).toBe(0);
      expect(periodSeconds).toBeLessThanOrEqual(DAY);
      expect(periodSeconds * evaluationPeriods).toBeLessThanOrEqual(periodSeconds < HOUR ? DAY : 7 * DAY);
      expect(datapointsToAlarm).toBeLessThanOrEqual(evaluationPeriods);
    }
  });

  it("say why a missing data point is taken as it is", () => {
    for (const { missing } of alarms) expect(missing.why.length).toBeGreaterThan(10);
  });

  it("have no page that nothing links to", () => {
    const pages = readdirSync(RUNBOOKS).filter((file) => file !== "README.md");
    expect(pages.sort()).toEqual(ALARM_KINDS.map((kind) => `${kind}.md`).sort());
  });
});

describe("silence", () => {
  it.each([
    [5 * 60, 60, 5],
    [HOUR, 300, 12],
    [DAY, 7_200, 12],
    [7 * DAY, 50_400, 12],
  ])("of %i s is seen in periods of %i s", (freshness, periodSeconds, evaluationPeriods) => {
    expect(silenceWindow(freshness)).toEqual({
      periodSeconds,
      evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
    });
  });

  it("beyond a week cannot be seen by an alarm", () => {
    expect(silenceWindow(7 * DAY + 60)).toBeUndefined();
  });

  it("fires within two periods after the last run is as old as promised, and not before", () => {
    const alarm = firstOf("silence");
    const states = statesAfter(ruleOf(alarm), [1, ...Array<DataPoint>(alarm.evaluationPeriods + 2).fill(undefined)]);
    expect(states.indexOf("ALARM")).toBeGreaterThanOrEqual(alarm.evaluationPeriods);
    expect(states.indexOf("ALARM")).toBeLessThanOrEqual(alarm.evaluationPeriods + 2);
  });
});

describe("what is watched follows from the datasets", () => {
  const idsOf = (of: typeof environment): string[] => alarmsOf(of, []).map(alarmId);

  it("a retired dataset has no runs to miss, but its stream is still watched", () => {
    const retired = { ...environment, settings: { ...environment.settings, retired: { events: "2026-12-31" } } };
    const ids = idsOf(retired);
    expect(ids).not.toContain("silence-events");
    expect(ids).not.toContain("batch-time-events");
    expect(ids).toContain("delivery-lag-events");
  });

  it("where every row may be rejected, no share of rejects is an alarm", () => {
    const lenient = exampleEnvironment("prod", { datasets: [exampleDataset("places", { maxRejected: 1 })] });
    expect(idsOf(lenient)).not.toContain("rejects-places");
  });

  it("without clusters there is no cluster to watch", () => {
    expect(idsOf(exampleEnvironment("prod")).filter((id) => id.startsWith("hdfs"))).toEqual([]);
  });
});
