import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Environment } from "../../components/environment";
import type { Dataset } from "../../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import type { Cost } from "../cost";
import { sizePlatform } from "../index";
import { weekOfArrivals } from "./arrivals";
import { DEFAULT_ASSUMPTIONS, UNCERTAIN } from "./assumptions";
import { simulateDirect } from "./direct";
import { simulate } from "./index";
import { seeded } from "./random";
import { stepTime } from "./step-time";
import { WEEK } from "./week";

const NO_COST: Cost = {
  currency: "USD",
  monthly: { min: 0, expected: 1_000, max: 0 },
  unknown: [],
  items: [],
  byDataset: [],
};
const CERTAIN = {
  ...DEFAULT_ASSUMPTIONS,
  interruptionsAnHour: 0,
  poolLossesAnHour: 0,
  throughputSpread: 0,
  skew: 0,
  slowDowns: 0,
};

function sized(datasets: Dataset[]): Environment {
  const environment = exampleEnvironment("prod", { datasets });
  return { ...environment, capacity: sizePlatform(environment.settings, environment.datasets) };
}

const busy = [
  exampleStream("events", { freshness: "2 hours", volume: { stored: "10 TB", daily: "5 TB", record: "1 kB" } }),
  exampleDataset("totals", { source: { kind: "derived", from: ["events"] }, volume: undefined, freshness: "1 day" }),
];

describe("a step", () => {
  it("takes its start and its work ÷ its vCPUs when nothing goes wrong", () => {
    // 36,000 vCPU-seconds on 40 + 60 vCPUs: 360 s, after a start of 60 s.
    const work = { coreSeconds: 36_000, onDemandVcpus: 40, spotVcpus: 60, nodeVcpus: 4 };
    expect(stepTime(work, CERTAIN, seeded(1))).toEqual({ seconds: 420, lostToSpot: 0, lostToS3: 0 });
  });

  it("goes on on its on-demand nodes when every Spot node is taken away for good", () => {
    // At once on 40 vCPUs: 36,000 ÷ 40 = 900 s, and the lost minutes of 60 vCPUs again, at most 120 s × 60 ÷ 40 = 180 s.
    const work = { coreSeconds: 36_000, onDemandVcpus: 40, spotVcpus: 60, nodeVcpus: 4 };
    const gone = { ...CERTAIN, poolLossesAnHour: 1e6, poolShare: 1, unreplaced: 1 };
    const { seconds, lostToSpot } = stepTime(work, gone, seeded(1));
    expect(seconds).toBeGreaterThan(950);
    expect(seconds).toBeLessThanOrEqual(60 + 900 + 180);
    expect(lostToSpot).toBeCloseTo(seconds - 420, 6);
  });

  it("is never shorter for a loss, whatever is lost", () => {
    const work = fc.record({
      coreSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
      onDemandVcpus: fc.integer({ min: 4, max: 1_000 }),
      spotVcpus: fc.integer({ min: 0, max: 10_000 }),
      nodeVcpus: fc.constantFrom(4, 8, 16),
    });
    fc.assert(
      fc.property(
        work,
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (each, seed, rate) => {
          const { seconds } = stepTime(each, { ...CERTAIN, interruptionsAnHour: rate }, seeded(seed));
          const undisturbed = 60 + each.coreSeconds / (each.onDemandVcpus + each.spotVcpus);
          expect(seconds).toBeGreaterThanOrEqual(undisturbed * (1 - 1e-9));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a week of arrivals", () => {
  it("brings the declared volume, and what bursts add", () => {
    // Seven days of 86,400 bytes; two bursts of an hour at 4 B/s add at most 2 × 3,600 × 4.
    const week = weekOfArrivals({ daily: 86_400, peak: 4, limit: Infinity }, seeded(7));
    expect(week.until(WEEK)).toBeGreaterThanOrEqual(7 * 86_400 - 1);
    expect(week.until(WEEK)).toBeLessThanOrEqual(7 * 86_400 + 2 * 3_600 * 4);
    expect(week.throttledSeconds).toBe(0);
  });

  it("never brings more than the stream takes; the rest waits at the producers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 1e6 }), (limit, seed) => {
        const week = weekOfArrivals({ daily: 40 * 86_400, peak: 120, limit }, seeded(seed));
        for (let hour = 0; hour < 168; hour++) {
          const taken = week.until((hour + 1) * 3_600) - week.until(hour * 3_600);
          expect(taken).toBeLessThanOrEqual(limit * 3_600 * (1 + 1e-9));
        }
        // The peak is 120 B/s: a smaller stream must have kept somebody waiting.
        expect(week.throttledSeconds).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a simulation", () => {
  it("is the same for the same seed, and another for another", () => {
    const environment = sized(busy);
    expect(simulate(environment, NO_COST, 5, 1)).toEqual(simulate(environment, NO_COST, 5, 1));
    expect(simulate(environment, NO_COST, 5, 1).datasets).not.toEqual(simulate(environment, NO_COST, 5, 2).datasets);
  });

  it("shows no probability without what it would be if an uncertain input were otherwise", () => {
    const { sensitivity } = simulate(sized(busy), NO_COST, 5, 1);
    expect(sensitivity.map(({ input }) => input)).toEqual(UNCERTAIN);
  });

  it("finds fewer versions in time at half the throughput", () => {
    const { sensitivity } = simulate(sized(busy), NO_COST, 20, 1);
    const throughput = sensitivity.find(({ input }) => input === "throughput");
    expect(throughput?.half.met).toBeLessThan(throughput?.double.met ?? NaN);
  });

  it("names what made versions late", () => {
    const { datasets } = simulate(sized(busy), NO_COST, 20, 1);
    for (const { met, bound } of datasets) expect(bound === null).toBe(met === 1);
  });

  it("gives probabilities and lags for any volume", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 0, max: 1e6 }), (power, seed) => {
        const volume = { stored: `${10 ** power} B`, daily: `${10 ** power} B`, record: "100 B" };
        const { datasets, p50Usd, p95Usd } = simulate(sized([exampleStream("events", { volume })]), NO_COST, 2, seed);
        for (const { met, p50Lag, p95Lag } of datasets) {
          expect(met >= 0 && met <= 1).toBe(true);
          expect(p50Lag > 0 && p95Lag >= p50Lag && Number.isFinite(p95Lag)).toBe(true);
        }
        expect(p95Usd).toBeGreaterThanOrEqual(p50Usd);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a stream that a standing cluster reads", () => {
  const live = { spark: { standing: { live: { generations: ["blue"], active: "blue" } } } };
  const datasets = [
    exampleStream("events", {
      key: ["id"],
      sequence: "id",
      freshness: "2 minutes",
      volume: { stored: "0 B", daily: "5 TB", record: "1 kB" },
    }),
    exampleDataset("totals", { source: { kind: "derived", from: ["events"] }, volume: undefined, freshness: "1 day" }),
  ];
  const without = exampleEnvironment("prod", { datasets, settings: live });
  const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
  const arrivals = weekOfArrivals({ daily: 5e12, peak: 174e6, limit: Infinity }, seeded(3));
  const [run] = environment.capacity.runs.filter(({ dataset }) => dataset === "events");
  const [standing] = environment.capacity.standing;
  if (!run || !standing) throw new Error("it is not read directly");
  const week = (assumptions: typeof CERTAIN) =>
    simulateDirect({ run, standing, allVcpus: run.vcpus }, arrivals, assumptions, seeded(1));

  it("shows its rows within fetch, interval and batch while nothing goes wrong", () => {
    for (const { lag, stepSeconds } of week(CERTAIN)) {
      expect(stepSeconds).toBeLessThanOrEqual(run.everySeconds);
      expect(lag).toBeLessThanOrEqual(run.latencySeconds);
    }
  });

  it("falls behind where its vCPUs do a quarter of what they were sized for, and names them", () => {
    const late = week({ ...CERTAIN, throughput: 0.25 }).filter(({ lag }) => lag > 120);
    expect(late.length).toBeGreaterThan(100);
    expect(new Set(late.map(({ bound }) => bound))).toEqual(new Set(["compute"]));
  });

  it("is not late as an archive's run would be, and neither is what derives from it", () => {
    const found = simulate(environment, NO_COST, 3, 1);
    const lag = new Map(found.datasets.map(({ dataset, p50Lag }) => [dataset, p50Lag]));
    expect(lag.get("events")).toBeLessThanOrEqual(120);
    expect(lag.get("totals")).toBeLessThanOrEqual(86_400);
  });
});
