import { describe, expect, it } from "vitest";
import { exampleDataset } from "../tests/environment";
import { meanBytes, peakBytes, scaledVolumes } from "./volumes";

const TIB = 1024 ** 4;
const flights = exampleDataset("flights", {
  volume: { stored: "2 PiB", daily: "30 TiB", record: "1.2 kB", peak: 600_000 },
});
const weather = exampleDataset("weather", { volume: { stored: "40 TiB", daily: "60 GiB", record: "90 B" } });
const derived = (name: string, from: string[], written = {}) =>
  exampleDataset(name, { source: { kind: "derived", from }, volume: undefined, ...written });

describe("scaled volumes", () => {
  it("scale what there is and what comes, not the size of a record", () => {
    expect(scaledVolumes(0.5, [flights]).get("flights")).toEqual({
      stored: 1024 * TIB,
      daily: 15 * TIB,
      record: 1_200,
      peak: 300_000,
    });
  });

  it("fill in a peak of three times the mean", () => {
    // 60 GiB ÷ 90 B ÷ 86,400 s = 8,285 records/s, × 3.
    expect(scaledVolumes(1, [weather]).get("weather")?.peak).toBeCloseTo(24_855.1, 1);
  });

  it("give a derived dataset the sum of its inputs, at any depth", () => {
    const both = derived("both", ["flights", "weather"]);
    const all = scaledVolumes(1, [derived("top", ["both"]), both, weather, flights]);
    expect(all.get("both")).toEqual(all.get("top"));
    expect(all.get("both")?.stored).toBe(2 * 1024 * TIB + 40 * TIB);
    // Records a day add up, so the mean record lies between the two and near the more frequent.
    const records = (30 * TIB) / 1_200 + (60 * 1024 ** 3) / 90;
    expect(all.get("both")?.record).toBeCloseTo((30 * TIB + 60 * 1024 ** 3) / records, 9);
  });

  it("leave a derived dataset the volume that it declares", () => {
    const own = derived("own", ["flights"], { volume: { stored: "1 GiB", daily: "1 MiB", record: "50 B" } });
    expect(scaledVolumes(1, [flights, own]).get("own")?.stored).toBe(1024 ** 3);
  });
});

describe("bytes of a window", () => {
  const volume = { stored: 0, daily: 86_400_000, record: 100, peak: 30_000 };

  it("are the day's share on average", () => {
    expect(meanBytes(volume, 3_600)).toBe(3_600_000);
  });

  it("are the peak's at most, and never more than the days hold", () => {
    // 30,000 records/s × 100 B = 3 MB/s: 20 s are 60 MB, 40 s would be 120 MB but the day has 86.4 MB.
    expect(peakBytes(volume, 20)).toBe(60_000_000);
    expect(peakBytes(volume, 40)).toBe(86_400_000);
    expect(peakBytes(volume, 2 * 86_400)).toBe(172_800_000);
  });
});
