import { describe, expect, it } from "vitest";
import { FAMILIES } from "./instances";
import { amount, priceList, referencePrices } from "./prices";

describe("prices", () => {
  it("are paid tier by tier", () => {
    const price = { value: 0.023, date: "2026-03", source: "", tiers: [{ above: 51_200, value: 0.022 }] };
    expect(amount(price, 1_000)).toBeCloseTo(23, 9);
    // 51,200 × 0.023 + 8,800 × 0.022
    expect(amount(price, 60_000)).toBeCloseTo(1_177.6 + 193.6, 9);
  });

  it("are known for every family that a cluster may have", () => {
    expect(Object.keys(priceList("us-east-1")?.xlargeHour ?? {}).sort()).toEqual(Object.keys(FAMILIES).sort());
  });

  it("say when and where they were read", () => {
    for (const [name, price] of Object.entries(priceList("us-east-1")?.items ?? {})) {
      expect(price.date, name).toMatch(/^\d{4}-\d{2}$/);
      expect(price.source.length, name).toBeGreaterThan(10);
    }
  });

  it("of an unknown region are unknown, and stand in only to choose between two ways", () => {
    expect(priceList("eu-west-9")).toBeUndefined();
    expect(referencePrices("eu-west-9")).toBe(priceList("us-east-1"));
  });
});
