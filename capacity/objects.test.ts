import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Environment } from "../components/environment";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { costOf } from "./cost";
import { sizePlatform } from "./index";
import { breakEvenDays, objectSizes, type ObjectsSize } from "./objects";
import { referencePrices } from "./prices";

function environmentOf(datasets: readonly Dataset[]): Environment {
  const without = exampleEnvironment("prod", { datasets });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

function sizeOf(dataset: Dataset): ObjectsSize {
  const [size] = objectSizes(environmentOf([dataset]));
  if (!size) throw new Error("no size");
  return size;
}

const MIB = 1024 ** 2;
const prices = referencePrices("us-east-1");

describe("a colder class", () => {
  it("has paid for the move into it when what is saved a day comes to the request's price", () => {
    // 128 MiB = 0.125 GB × (0.023 − 0.0125) ÷ 30.4167 = 0.00004315 a day; a move is 0.00001: 0.2317 days.
    expect(breakEvenDays(128 * MIB, "STANDARD", "STANDARD_IA", prices)).toBeCloseTo(0.2317, 4);
    // 128 KiB, a thousandth of it: 237.3 days, longer than it stays.
    expect(breakEvenDays(128 * 1024, "STANDARD", "STANDARD_IA", prices)).toBeCloseTo(237.3, 1);
  });

  it("never pays where it is no cheaper, or where a price is not known", () => {
    expect(breakEvenDays(MIB, "STANDARD_IA", "STANDARD", prices)).toBeNull();
    expect(breakEvenDays(MIB, "STANDARD", "STANDARD_IA", { ...prices, items: {} })).toBeNull();
  });

  it("is shown with the bucket's own rule, and with the days that an object stays", () => {
    const written = { volume: { stored: "0 B", daily: "1 TiB", record: "1 kB" }, freshness: "2 hours" };
    const { classes, reason, rawObjectsADay } = sizeOf(exampleStream("events", written));
    // 1 TiB ÷ 128 MiB: more than one every 15 minutes, so the objects are full.
    expect(rawObjectsADay).toBe(8_192);
    expect(classes).toMatchObject([
      { storageClass: "STANDARD_IA", fromDays: 30, staysDays: 60 },
      { storageClass: "GLACIER_IR", fromDays: 90, staysDays: 310 },
    ]);
    expect(reason).toContain("STANDARD_IA from day 30, paid back after 0.23 days of the 60 that it stays");
  });

  it("is told where objects are too small for it, and left open where somebody uploads them", () => {
    const tiny = { volume: { stored: "0 B", daily: "1 MiB", record: "1 kB" } };
    expect(sizeOf(exampleStream("events", tiny)).reason).toContain("not paid back in the 60 days that it stays");
    expect(sizeOf(exampleDataset("files", tiny)).reason).toContain("depends on the files' size");
  });

  it("has its moves in the bill, or among what is unknown", () => {
    const written = { volume: { stored: "0 B", daily: "1 TiB", record: "1 kB" }, freshness: "2 hours" };
    const one = environmentOf([exampleStream("events", written), exampleDataset("files")]);
    const bucket = { bucket: one.names.bucket("raw") };
    const rules = [{ filter: {}, transitions: [{ days: 30, storageClass: "STANDARD_IA" }] }];
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const cost = costOf(
      [
        { urn: "a", type: "aws:s3/bucket:Bucket", inputs: bucket },
        { urn: "b", type, inputs: { ...bucket, rules } },
      ],
      one,
    );
    // 8,192 objects a day × 30.4167 = 249,173 a month × 0.01 ÷ 1,000.
    expect(cost.items.find(({ description }) => description.includes("moved to STANDARD_IA"))?.monthly).toBe(2.49);
    expect(cost.unknown).toContain("raw of files: moves of its files to colder classes, by how many there are");
  });
});

describe("requests to S3", () => {
  it("are counted against what one prefix takes", () => {
    const written = { volume: { stored: "0 B", daily: "5 PiB", record: "1 kB" }, freshness: "6 hours" };
    const { readsPerSecond, prefixes, reason } = sizeOf(exampleDataset("rows", written));
    expect(prefixes).toBe(Math.ceil(readsPerSecond / 5_500));
    expect(prefixes).toBeGreaterThan(1);
    expect(reason).toContain("30 to 60 minutes");
  });

  it("never fall when there is more data, over ten orders of magnitude", () => {
    const exponent = fc.double({ min: 6, max: 15.9, noNaN: true });
    const at = (power: number): ObjectsSize =>
      sizeOf(
        exampleDataset("rows", { volume: { stored: "0 B", daily: `${Math.round(10 ** power)} B`, record: "1 kB" } }),
      );
    fc.assert(
      fc.property(exponent, exponent, (a, b) => {
        const [less, more] = [at(Math.min(a, b)), at(Math.max(a, b))];
        expect(more.readsPerSecond).toBeGreaterThanOrEqual(less.readsPerSecond);
        expect(more.prefixes).toBeGreaterThanOrEqual(less.prefixes);
        expect(less.readsPerSecond).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});
