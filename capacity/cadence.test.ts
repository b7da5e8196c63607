import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleStream } from "../tests/environment";
import { CLUSTER_START, STEP_NOTICED, STEP_START, type Timing } from "./cadence";
import { connectedGroups, type Group } from "./groups";
import { lanesOf, type Lane } from "./lanes";

const HOUR = 3_600;
const flights = exampleStream("flights", { freshness: "1 hour" });
const weather = exampleDataset("weather", { freshness: "6 hours" });
const derived = (name: string, from: string[], freshness: string): Dataset =>
  exampleDataset(name, { source: { kind: "derived", from }, volume: undefined, freshness });

function only(...datasets: Dataset[]): Group {
  const groups = connectedGroups(datasets);
  const [group] = groups;
  if (!group || groups.length !== 1) throw new Error("expected one group");
  return group;
}

function lanes(fits: boolean, ...datasets: Dataset[]): readonly Lane[] {
  const found = lanesOf(only(...datasets), () => fits);
  if (found.refused) throw new Error(JSON.stringify(found.refused));
  return found.lanes;
}

/** Of datasets that run together where they can. */
function timings(...datasets: Dataset[]): ReadonlyMap<string, Timing> {
  return new Map(lanes(true, ...datasets).flatMap(({ timing }) => [...timing]));
}

function refusals(...datasets: Dataset[]) {
  return lanesOf(only(...datasets), () => true).refused;
}

describe("timings of one dataset", () => {
  it("fill the freshness: buffer, period, cluster start, run", () => {
    // One hour = 60 s buffer + 30 min period + 10 min start + 19 min (1,140 s) of run; and 10 + 19 + 1 min end within 30.
    expect(timings(flights).get("flights")).toEqual({
      everySeconds: HOUR / 2,
      level: 0,
      runSeconds: 1_140,
      bufferSeconds: 60,
      latencySeconds: HOUR,
    });
  });

  it("give the archive the time that is left over, up to Firehose's 15 minutes", () => {
    // A day: every 8 h; the run may take its deadline of 6 h; 9.2 h are left, of which the buffer takes all it may.
    expect(timings(exampleStream("slow", { freshness: "1 day" })).get("slow")).toMatchObject({
      everySeconds: 8 * HOUR,
      runSeconds: 6 * HOUR,
      bufferSeconds: 900,
    });
  });

  it("name the smallest freshness that a cluster made for each run can keep", () => {
    // 60 s buffer + 15 min period + 10 min start + 3 min step = 29 min; files need no buffer: 28 min.
    expect(refusals(exampleStream("fast", { freshness: "15 minutes" }))).toMatchObject([
      { where: "datasets/fast.yaml", key: "freshness", found: "15 minutes", allowed: "at least 29 minutes" },
    ]);
    expect(refusals(exampleDataset("fast", { freshness: "27 minutes" }))).toMatchObject([
      { allowed: "at least 28 minutes" },
    ]);
    expect(timings(exampleStream("fast", { freshness: "29 minutes" })).get("fast")?.latencySeconds).toBe(29 * 60);
  });

  it("refuse a deadline that is over before the step has started", () => {
    expect(refusals(exampleDataset("rash", { freshness: "1 hour", deadline: "1 minute" }))).toMatchObject([
      { key: "deadline", found: "1 minute", allowed: "at least 3 minutes" },
    ]);
  });
});

describe("timings of a group", () => {
  const delays = derived("delays", ["flights", "weather"], "3 hours");

  it("refresh an input as often as what derives from it needs", () => {
    expect(timings(weather).get("weather")?.everySeconds).toBe(4 * HOUR);
    expect(timings(flights, weather, delays).get("weather")?.everySeconds).toBe(2 * HOUR);
  });

  it("let a level wait for the one before, and for Step Functions to notice", () => {
    const all = timings(flights, weather, delays);
    const first = Math.max(all.get("flights")?.runSeconds ?? 0, all.get("weather")?.runSeconds ?? 0);
    const own = all.get("delays")?.runSeconds ?? 0;
    const buffer = all.get("flights")?.bufferSeconds ?? NaN;
    expect(all.get("delays")?.latencySeconds).toBe(buffer + 2 * HOUR + CLUSTER_START + first + STEP_NOTICED + own);
  });
});

describe("a group with a slow dataset", () => {
  const delays = derived("delays", ["flights", "weather"], "3 hours");

  it("runs as one where all of it is done within the fastest period", () => {
    const [lane, ...others] = lanes(true, flights, weather, delays);
    expect(others).toEqual([]);
    const whole = [...(lane?.timing.values() ?? [])].reduce<number[]>((levels, { level, runSeconds }) => {
      levels[level] = Math.max(levels[level] ?? 0, runSeconds);
      return levels;
    }, []);
    const longest = CLUSTER_START + whole.reduce((sum, each) => sum + each, 0) + (whole.length - 1) * STEP_NOTICED;
    expect(longest).toBeLessThan(HOUR / 2);
  });

  it("runs on machines of its own otherwise: the slow part starts when what it reads has ended", () => {
    const [fast, slow, ...others] = lanes(false, flights, weather, delays);
    expect(others).toEqual([]);
    expect(fast).toMatchObject({ group: { name: "flights" }, offsetSeconds: 0 });
    expect(fast?.group.datasets.map(({ name }) => name)).toEqual(["flights", "weather"]);
    expect(slow?.group.datasets.map(({ name }) => name)).toEqual(["delays"]);
    const timing = fast?.timing.get("flights");
    expect(slow?.offsetSeconds).toBeGreaterThanOrEqual(CLUSTER_START + (timing?.runSeconds ?? NaN));
    expect(slow?.offsetSeconds).toBeLessThanOrEqual(HOUR / 2);
    expect(slow?.timing.get("delays")?.latencySeconds).toBeLessThanOrEqual(3 * HOUR);
  });
});

describe("any group", () => {
  const minutes = fc.integer({ min: 90, max: 20_000 });
  const chain = fc.array(minutes, { minLength: 1, maxLength: 4 });

  it("keeps every freshness, ends each run before the dataset's next, and leaves each step time to work", () => {
    fc.assert(
      fc.property(chain, minutes, fc.boolean(), fc.boolean(), (freshnesses, side, stream, fits) => {
        const datasets = freshnesses.map((each, index) => {
          const freshness = `${each} minutes`;
          if (index > 0) return derived(`d${index}`, [`d${index - 1}`, "side"], freshness);
          return stream ? exampleStream("d0", { freshness }) : exampleDataset("d0", { freshness });
        });
        const group = connectedGroups([...datasets, exampleDataset("side", { freshness: `${side} minutes` })])[0];
        const found = group && lanesOf(group, () => fits);
        // Four steps one after another need 97 minutes at least: fewer are refused, which is checked above.
        if (!group || !found || found.refused) return;
        const timings = new Map(found.lanes.flatMap(({ timing }) => [...timing]));
        for (const dataset of group.datasets) {
          const timing = timings.get(dataset.name) as Timing;
          expect(timing.latencySeconds).toBeLessThanOrEqual(dataset.freshness);
          expect(timing.latencySeconds - (timing.bufferSeconds ?? 0)).toBeLessThan(2 * dataset.freshness);
          expect(timing.runSeconds).toBeLessThanOrEqual(dataset.deadline);
          expect(timing.runSeconds).toBeGreaterThan(STEP_START);
          expect(timing.everySeconds).toBeGreaterThanOrEqual(CLUSTER_START + timing.runSeconds);
          expect(86_400 % timing.everySeconds).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("runs an input whenever it runs what derives from it", () => {
    fc.assert(
      fc.property(minutes, minutes, (input, output) => {
        const found = timings(
          exampleDataset("input", { freshness: `${input} minutes` }),
          derived("output", ["input"], `${output} minutes`),
        );
        const [inner, outer] = ["input", "output"].map((name) => found.get(name)?.everySeconds ?? NaN);
        expect((outer ?? NaN) % (inner ?? NaN)).toBe(0);
      }),
    );
  });
});
