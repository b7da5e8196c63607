import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../tests/environment";
import { choosingScope, monthlyOfCluster } from "./bill/run-cost";
import { sizePlatform, type Capacity } from "./index";

const environment = (written = {}) => exampleEnvironment("prod", { settings: written }).settings;

function at(daily: string, deadline: string, written = {}): Capacity {
  const volume = { stored: "0 B", daily, record: "1 kB" };
  return sizePlatform(environment(written), [exampleDataset("rows", { volume, deadline })]);
}

function monthly({ clusters, runs }: Capacity): number {
  const scope = choosingScope(environment());
  return clusters.reduce((sum, cluster) => sum + monthlyOfCluster(scope, cluster, runs), 0);
}

function units({ clusters }: Capacity): number {
  return clusters.reduce((sum, { core, task }) => sum + core.maxUnits + (task?.maxUnits ?? 0), 0);
}

describe("the cheapest cluster", () => {
  it("never costs less for a tighter deadline, over ten orders of magnitude", () => {
    const minutes = fc.integer({ min: 5, max: 350 });
    fc.assert(
      fc.property(fc.double({ min: 6, max: 16, noNaN: true }), minutes, minutes, (power, a, b) => {
        const daily = `${Math.round(10 ** power)} B`;
        const [tight, loose] = [Math.min(a, b), Math.max(a, b)].map((each) => sized(daily, `${each} minutes`));
        if (!tight || !loose) return;
        // A hundredth: whole nodes, and what lies between two sizes that the search looks at.
        expect(monthly(loose)).toBeLessThanOrEqual(monthly(tight) * 1.01);
      }),
      { numRuns: 300 },
    );
  });

  it("has more machines than the deadline asks for where the month then costs less, and says so", () => {
    const fewest = at("800 GB", "350 minutes", { spark: { maxVcpus: 20 } });
    const cheapest = at("800 GB", "350 minutes");
    expect(units(cheapest)).toBeGreaterThan(units(fewest));
    expect(monthly(cheapest)).toBeLessThan(monthly(fewest));
    const why = /cheaper than the fewest vCPUs that are in time: \$[\d,]+ instead of \$[\d,]+ a month/;
    expect(cheapest.clusters[0]?.reason).toMatch(why);
    expect(fewest.clusters[0]?.reason).not.toMatch(why);
  });

  it("has the fewest machines where the account has no more, and no other than a person wrote down", () => {
    expect(units(at("800 GB", "350 minutes", { spark: { maxVcpus: 20 } })) * 4).toBeLessThanOrEqual(20);
    const written = at("800 GB", "350 minutes", { spark: { overrides: { coreNodes: 5, taskNodes: 0 } } });
    expect(units(written)).toBe(5);
  });

  it("takes no longer than the deadline, however it is chosen", () => {
    for (const run of at("800 GB", "350 minutes").runs) {
      const needed = (run.coreSeconds * 1.3) / run.vcpus + 60;
      expect(needed).toBeLessThanOrEqual(run.runSeconds);
    }
  });
});

/** Undefined where no cluster could keep the promise, which is told and not sized. */
function sized(daily: string, deadline: string): Capacity | undefined {
  try {
    return at(daily, deadline);
  } catch (error) {
    expect(String(error)).toMatch(/allowed: /);
    return undefined;
  }
}
