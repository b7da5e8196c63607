import { describe, expect, it } from "vitest";
import { exampleEnvironment, exampleStream } from "../tests/environment";
import { onDemandUsage, provisionedUsage, shardsFor, sizeStream } from "./streams";
import type { ScaledVolume } from "./volumes";

/** 300,000 events a second of 1.2 kB, all day. */
const EVENTS: ScaledVolume = { stored: 0, daily: 300_000 * 1_200 * 86_400, record: 1_200, peak: 300_000 };
const DAY = 86_400;

describe("shards of a stream", () => {
  it("cover its bytes as well as its records", () => {
    // 300,000 records/s ÷ 1,000 = 300; 300,000 × 1.2 kB = 360 MB/s ÷ 1 MB/s = 360.
    expect(shardsFor(EVENTS, 0)).toEqual({ byBytes: 360, byRecords: 300, shards: 360 });
  });

  it("have their head-room, and not one more by a rounding error", () => {
    expect(shardsFor(EVENTS, 0.3).shards).toBe(468);
    // 100 × 1.1 is 110.00000000000001 in floating point.
    expect(100 * 1.1).toBeGreaterThan(110);
    expect(shardsFor({ peak: 100_000, record: 1_000 }, 0.1).shards).toBe(110);
  });

  it("follow the records where records are small", () => {
    // 5,000 records/s of 100 B: 0.5 MB/s is one shard by bytes, five by records.
    expect(shardsFor({ peak: 5_000, record: 100 }, 0)).toEqual({ byBytes: 1, byRecords: 5, shards: 5 });
  });

  it("are at least one", () => {
    expect(shardsFor({ peak: 0.001, record: 10 }, 0).shards).toBe(1);
  });
});

describe("a stream's usage a month", () => {
  const quantity = (usage: readonly { price: string; quantity: number }[], price: string): number | undefined =>
    usage.find((each) => each.price === price)?.quantity;

  it("counts a provisioned record as one unit up to 25 KB", () => {
    // 300,000/s × 86,400 s × 30.4167 days = 788,400 million records.
    expect(quantity(provisionedUsage(EVENTS, 360, DAY), "kinesis-put")).toBeCloseTo(788_400, 0);
    const large = { ...EVENTS, record: 25_601, daily: 25_601 * 86_400 };
    // One record a second, of two units: 2 × 86,400 × 30.4167 = 5.256 million.
    expect(quantity(provisionedUsage(large, 1, DAY), "kinesis-put")).toBeCloseTo(5.256, 3);
  });

  it("counts an on-demand record in whole KB: 2 KB for 1.2 kB", () => {
    // 788,400 million records × 2,048 B ÷ 2³⁰ = 1,503,754 GB, in and out.
    const usage = onDemandUsage(EVENTS, DAY);
    expect(quantity(usage, "kinesis-on-demand-in")).toBeCloseTo(1_503_753.7, 0);
    expect(quantity(usage, "kinesis-on-demand-out")).toBeCloseTo(1_503_753.7, 0);
  });

  it("pays for keeping only beyond a day", () => {
    expect(quantity(provisionedUsage(EVENTS, 360, DAY), "kinesis-retention")).toBeUndefined();
    expect(quantity(provisionedUsage(EVENTS, 360, 7 * DAY), "kinesis-retention")).toBe(360 * 730);
    expect(quantity(provisionedUsage(EVENTS, 360, 8 * DAY), "kinesis-long-retention")).toBeCloseTo(
      EVENTS.daily / 1024 ** 3,
      6,
    );
  });
});

describe("the mode of a stream", () => {
  const sized = (peak: number, daily: string, mode = "auto") => {
    const dataset = exampleStream("events", { volume: { stored: "0 B", daily, record: "1 kB", peak } });
    const { settings } = exampleEnvironment("dev", { datasets: [dataset], settings: { streams: { mode } } });
    const volume = { stored: 0, daily: Number(daily.split(" ")[0]) * 1e9, record: 1_000, peak };
    return sizeStream(dataset, volume, settings);
  };

  it("is provisioned where the load is even, on-demand where it hardly comes and then at once", () => {
    expect(sized(1_200, "86 GB").mode).toBe("provisioned");
    expect(sized(50_000, "1 GB").mode).toBe("on-demand");
  });

  it("is what the settings say, and says so", () => {
    const size = sized(1_200, "86 GB", "on-demand");
    expect(size.mode).toBe("on-demand");
    expect(size.reason).toContain("by streams.mode");
  });

  it("is refused as on-demand above what such a stream takes in", () => {
    expect(() => sized(20_000_000, "1000000 GB", "on-demand")).toThrow(/streams\.mode.*allowed: provisioned or auto/);
  });

  it("says when an account's quota must be raised first", () => {
    expect(sized(30_000_000, "1000000 GB", "provisioned").reason).toContain("ask AWS for more first");
  });

  it("is nothing for a record that Kinesis does not take", () => {
    const dataset = exampleStream("events", { volume: { stored: "0 B", daily: "1 GB", record: "2 MiB" } });
    const { settings } = exampleEnvironment("dev", { datasets: [dataset] });
    const volume = { stored: 0, daily: 1e9, record: 2 * 1024 ** 2, peak: 1 };
    expect(() => sizeStream(dataset, volume, settings)).toThrow(/volume\.record.*found "2 MiB".*up to 1 MiB/);
  });
});
