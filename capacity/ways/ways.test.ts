import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { InputError } from "../../declarations/faults";
import { sizePlatform, type Capacity } from "../index";
import { FRESHEST_DIRECT, roomOf } from "./timing";
import { connectedGroups } from "../groups";

const LIVE = { standing: { live: { generations: ["blue"], active: "blue" } } };
const KEY = { key: ["id"], sequence: "id" };
/** A volume for which a run's cluster costs more than a part of one that stands. */
const flights = (freshness: string, written = {}) => exampleStream("flights", { ...KEY, freshness, ...written });
const delays = (freshness: string, from = ["flights"]) =>
  exampleDataset("delays", { source: { kind: "derived", from }, volume: undefined, freshness });

function sized(spark: object, ...datasets: Parameters<typeof sizePlatform>[1]): Capacity {
  return sizePlatform(exampleEnvironment("prod", { settings: { spark } }).settings, datasets);
}

function refusal(spark: object, ...datasets: Parameters<typeof sizePlatform>[1]): string {
  try {
    sized(spark, ...datasets);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a stream that only a standing cluster keeps fresh", () => {
  const capacity = sized(LIVE, flights("2 minutes"), delays("1 day"));
  const [way] = capacity.ways;

  it("is read directly, with both ways' figures", () => {
    // Archive: 1 min buffer + 15 min schedule + 10 min start + 3 min run. Direct: 10 s + 55 s + 55 s.
    expect(way).toMatchObject({ dataset: "flights", way: "direct", cluster: "live", triggerSeconds: 55 });
    expect(way?.archive).toMatchObject({ latencySeconds: 1_740, keeps: false });
    expect(way?.direct).toMatchObject({ latencySeconds: 120, keeps: true });
    expect(way?.reason).toMatch(
      /^archive way: 29 minutes at best \(.*\), \$\d+ a month; direct way: 2 minutes \(.*\), \$[\d.]+ a month; only the direct way keeps 2 minutes/,
    );
  });

  it("leaves its group: the cluster that stands carries it, and its readers have a run of their own", () => {
    expect(capacity.clusters.map(({ name, datasets }) => [name, datasets])).toEqual([["delays", ["delays"]]]);
    expect(capacity.standing).toMatchObject([{ name: "live", datasets: ["flights"], concurrency: 1 }]);
    expect(capacity.runs.find(({ dataset }) => dataset === "flights")).toMatchObject({
      cluster: "standing-live",
      everySeconds: 55,
      latencySeconds: 120,
    });
  });

  it("is archived in objects as large as Firehose writes them, for closed hours to be held against", () => {
    expect(capacity.archives).toMatchObject([{ dataset: "flights", bufferSeconds: 900 }]);
  });

  it("counts in its readers' age, whose work is still what the stream brings", () => {
    const [reader] = capacity.runs.filter(({ dataset }) => dataset === "delays");
    const [alone] = sized({}, flights("1 day"), delays("1 day")).runs.filter(({ dataset }) => dataset === "delays");
    expect(reader?.bytes).toBe(alone?.bytes);
    // 2 minutes + every 8 hours + 10 minutes of start + 6 hours of deadline.
    expect(reader?.latencySeconds).toBe(120 + 8 * 3_600 + 600 + 6 * 3_600);
  });

  it("is refused with both figures where no cluster stands", () => {
    expect(refusal({}, flights("2 minutes"))).toMatch(
      /flights\.yaml: freshness: .*archive way: 29 minutes at best .*\$\d+ a month; direct way: 2 minutes .*\$\d+ a month with a standing cluster of its own; found "2 minutes"; allowed: at least 29 minutes, or 70 seconds where a cluster in spark\.standing reads it directly/,
    );
  });

  it("is refused without a key, by which a closed hour is held against its archive", () => {
    expect(refusal(LIVE, exampleStream("flights", { freshness: "2 minutes" }))).toMatch(
      /key: a stream that is read directly needs one/,
    );
  });

  it("is refused where even a standing cluster cannot keep it", () => {
    expect(refusal(LIVE, flights("1 minute"))).toMatch(/direct way: 70 seconds at best .*found "1 minute"/);
    expect(FRESHEST_DIRECT).toBe(70);
  });
});

describe("a stream that both ways keep fresh", () => {
  const volume = { stored: "0 B", daily: "100 GB", record: "1 kB" };

  it("comes by the cheaper one", () => {
    const few = sized(LIVE, flights("1 hour")).ways[0];
    expect(few).toMatchObject({ way: "direct", archive: { keeps: true }, direct: { keeps: true } });
    expect(few?.direct.monthly).toBeLessThan(few?.archive.monthly ?? 0);
    const many = sized(LIVE, flights("1 day", { volume: { ...volume, daily: "30 TB" } })).ways[0];
    expect(many).toMatchObject({ way: "archive", archive: { keeps: true }, direct: { keeps: true } });
    expect(many?.direct.monthly).toBeGreaterThan(many?.archive.monthly ?? Infinity);
  });

  it("comes by its archive where no cluster stands, and the plan says what one would cost", () => {
    const [way] = sized({}, flights("1 hour")).ways;
    expect(way).toMatchObject({ way: "archive", cluster: null, triggerSeconds: null });
    expect(way?.reason).toMatch(/\$\d+ a month with a standing cluster of its own; the archive way: spark\.standing/);
  });

  it("adds to a standing cluster only what the streams before it have left no room for", () => {
    const small = { stored: "0 B", daily: "1 GB", record: "1 kB" };
    const alone = sized(LIVE, flights("2 minutes", { volume })).ways[0];
    const all = sized(
      LIVE,
      flights("2 minutes", { volume }),
      flights("2 minutes", { volume: small, name: "bookings" }),
    );
    expect(all.standing).toMatchObject([{ datasets: ["bookings", "flights"], concurrency: 2 }]);
    const later = all.ways.find(({ dataset }) => dataset === "flights");
    expect(later?.direct.monthly).not.toBe(alone?.direct.monthly);
  });
});

describe("a reader that is fresher than runs of two steps can keep it", () => {
  it("has its stream read directly", () => {
    // 29 minutes more than the stream's own 11 at the most.
    const { ways, runs } = sized(LIVE, flights("30 minutes"), delays("40 minutes"));
    expect(ways[0]).toMatchObject({ way: "direct", archive: { keeps: false }, direct: { keeps: true } });
    expect(runs.find(({ dataset }) => dataset === "delays")?.latencySeconds).toBeLessThanOrEqual(40 * 60);
  });

  it("leaves the stream what its own runs do not take", () => {
    const datasets = [flights("30 minutes"), delays("40 minutes")] as const;
    const [group] = connectedGroups(datasets);
    // 40 minutes less 15 of schedule, 10 of start and 3 of its step.
    expect(group && roomOf(group, datasets[0])).toBe(12 * 60);
  });
});

describe("a standing cluster", () => {
  it("reads the streams of the owner whose name it has", () => {
    const both = {
      live: { generations: ["blue"], active: "blue" },
      "air-traffic": { generations: ["blue"], active: "blue" },
    };
    const { ways } = sized(
      { standing: both },
      flights("2 minutes"),
      flights("2 minutes", { name: "other", owner: "x" }),
    );
    expect(ways.map(({ dataset, cluster }) => [dataset, cluster])).toEqual([
      ["flights", "air-traffic"],
      ["other", "air-traffic"],
    ]);
  });
});
