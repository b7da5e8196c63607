import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../tests/environment";
import { driverSize, executorShape } from "./executors";
import { FAMILIES, instance, parseInstance, type Instance } from "./instances";

const everyInstance: readonly Instance[] = Object.entries(FAMILIES).flatMap(([family, { weights }]) =>
  weights.flatMap((weight) => instance(family, weight) ?? []),
);
const settings = (overrides = {}) => exampleEnvironment("dev", { settings: { spark: { overrides } } }).settings;
const named = (type: string): Instance => {
  const found = parseInstance(type);
  if (!found) throw new Error(type);
  return found;
};

describe("an instance type", () => {
  it("has the YARN memory that AWS publishes", () => {
    expect(named("m5.xlarge")).toMatchObject({ vcpus: 4, memoryGiB: 16, yarnMiB: 12_288, yarnEstimated: false });
    expect(named("r6gd.4xlarge")).toMatchObject({ vcpus: 16, memoryGiB: 128, yarnMiB: 116_736, nvme: true });
  });

  it("has an estimate where AWS publishes none", () => {
    // 32 GiB: 0.75 × 32,768 MiB. 64 GiB Graviton: 64 × 976 − 8,192 MiB.
    expect(named("m7i.2xlarge")).toMatchObject({ yarnMiB: 24_576, yarnEstimated: true });
    expect(named("m7g.4xlarge")).toMatchObject({ yarnMiB: 54_272, yarnEstimated: true });
  });

  it("is unknown where AWS has none", () => {
    for (const type of ["i3en.4xlarge", "c5.8xlarge", "c5.16xlarge", "m5.metal", "zz9.xlarge", "m5.large"]) {
      expect(parseInstance(type), type).toBeUndefined();
    }
  });

  it("is estimated by a formula that gives the published values", () => {
    for (const each of everyInstance.filter(({ yarnEstimated }) => !yarnEstimated)) {
      const unit = each.memoryGiB * (each.architecture === "x86_64" ? 1024 : 976);
      const estimate = each.memoryGiB <= 32 ? 0.75 * unit : unit - 8_192;
      // c5.xlarge to c6g.xlarge: AWS rounds small Graviton nodes down by up to 5 %.
      expect(Math.abs(estimate - each.yarnMiB) / each.yarnMiB, each.type).toBeLessThan(0.05);
    }
  });
});

describe("an executor", () => {
  it("takes its share of the tightest node, the heap being 1 ÷ 1.1875 of it", () => {
    // r5.2xlarge: 57,344 MiB for two executors of four cores = 28,672; ÷ 1.1875 = 24,144.8.
    expect(executorShape([named("r5.2xlarge")], settings())).toMatchObject({
      cores: 4,
      memoryMiB: 24_144,
      memoryOverheadMiB: 28_672 - 24_144,
      perUnit: 1,
    });
    // With r5.xlarge in the fleet its single executor has 24,576 MiB: the tighter node decides.
    expect(executorShape([named("r5.2xlarge"), named("r5.xlarge")], settings()).memoryMiB).toBe(20_695);
  });

  it("fits every type as often as it has cores for it, and its overhead is at least EMR's 18.75 %", () => {
    for (const each of everyInstance) {
      const shape = executorShape([each], settings());
      const executors = Math.floor(each.vcpus / shape.cores);
      expect((shape.memoryMiB + shape.memoryOverheadMiB) * executors, each.type).toBeLessThanOrEqual(each.yarnMiB);
      expect(shape.memoryOverheadMiB, each.type).toBeGreaterThanOrEqual(Math.floor(shape.memoryMiB * 0.1875));
      expect(shape.memoryMiB, each.type).toBeGreaterThan(1_024);
    }
  });

  it("leaves a driver room in one executor's place on every type", () => {
    for (const each of everyInstance) {
      const shape = executorShape([each], settings());
      for (const executors of [1, 2_000]) {
        const driver = driverSize(shape, executors);
        const place = shape.memoryMiB + shape.memoryOverheadMiB;
        expect(driver.memoryMiB + driver.memoryOverheadMiB, each.type).toBeLessThanOrEqual(place);
      }
    }
  });

  it("is as a person set it, where that fits", () => {
    const shape = executorShape([named("r5.4xlarge")], settings({ executorCores: 5, executorMemoryGiB: 20 }));
    expect(shape).toMatchObject({ cores: 5, memoryMiB: 20_480, perUnit: 3 / 4 });
    expect(shape.reason).toContain("overridden");
  });

  it("is refused where a node does not hold it", () => {
    const c5 = [named("c5.xlarge")];
    expect(() => executorShape(c5, settings({ executorCores: 8 }))).toThrow(/executorCores.*c5\.xlarge has 4 vCPUs/);
    expect(() => executorShape(c5, settings({ executorMemoryGiB: 6 }))).toThrow(/executorMemoryGiB.*1 of 5\.1 GiB/);
  });
});

describe("a driver", () => {
  it("has 2 GiB, and 8 above 1,000 executors", () => {
    const shape = executorShape([named("r5.4xlarge")], settings());
    expect(driverSize(shape, 1_000)).toEqual({ memoryMiB: 2_048, memoryOverheadMiB: 384 });
    expect(driverSize(shape, 1_001)).toEqual({ memoryMiB: 8_192, memoryOverheadMiB: 820 });
  });
});
