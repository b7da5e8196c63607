import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { costOf } from "./cost";
import { fleetsOf, sizePlatform } from "./index";
import { sizeStanding, streamLoad, type StreamLoad } from "./standing";
import { scaledVolumes } from "./volumes";

const LIVE = { name: "live", generations: ["blue"], active: "blue" } as const;
const settings = (spark = {}, stack: "dev" | "prod" = "prod") =>
  exampleEnvironment(stack, { settings: { spark } }).settings;
const load = (peakVcpus: number, meanVcpus: number): StreamLoad => ({
  dataset: "events",
  work: "scan",
  peakVcpus,
  meanVcpus,
  reason: "as the test says",
});

describe("a standing cluster", () => {
  it("has the vCPUs that keep up with its streams' bytes in the time that commits leave", () => {
    const dataset = exampleStream("events", {
      volume: { stored: "0 B", daily: "1.9008 TB", record: "1 kB", peak: 66_000 },
    });
    const volume = scaledVolumes(1, [dataset]).get("events");
    if (!volume) throw new Error("no volume");
    // 66,000 × 1 kB ÷ 22 MB × 1.3 = 3.9 at the peak, of 60 seconds in 40: 5.85; 1.3 on average, likewise: 1.95.
    const timing = { triggerSeconds: 60, commitSeconds: 20 };
    expect(streamLoad(dataset, volume, timing, settings())).toMatchObject({ peakVcpus: 6, meanVcpus: 2 });
  });

  it("carries a fifth of the peak on demand and the rest on Spot, and is billed for its mean", () => {
    // 100 executors and a driver: 101 units.
    const size = sizeStanding(LIVE, [load(400, 160)], settings());
    expect(size).toMatchObject({ core: { onDemandUnits: 21 }, task: { spotUnits: 80 }, expectedTaskUnits: 20 });
  });

  it("has two core nodes and room to grow, where no stream is its own yet", () => {
    const size = sizeStanding(LIVE, [], settings());
    expect(size).toMatchObject({ core: { onDemandUnits: 2 }, task: { spotUnits: 8 }, expectedTaskUnits: 0 });
    expect(size.reason).toContain("no stream is read directly");
  });

  it("has three primary nodes of one type in prod, one in dev", () => {
    expect(sizeStanding(LIVE, [], settings()).primary).toMatchObject({ onDemandUnits: 3, types: [{ weight: 1 }] });
    expect(sizeStanding(LIVE, [], settings({}, "dev")).primary.onDemandUnits).toBe(1);
  });

  it("follows a person's nodes and says so", () => {
    const size = sizeStanding(LIVE, [], settings({ overrides: { coreNodes: 6, taskNodes: 20 } }));
    expect(size).toMatchObject({ core: { onDemandUnits: 6 }, task: { spotUnits: 20 } });
    expect(size.reason).toContain("24 vCPUs on demand (overridden), up to 80 more on Spot (overridden)");
  });

  it("is refused with one core node, or with too few types for Spot", () => {
    expect(() => sizeStanding(LIVE, [], settings({ overrides: { coreNodes: 1 } }))).toThrow(
      /coreNodes.*leaves the drivers of live no on-demand node.*allowed: at least 2/,
    );
    expect(() => sizeStanding(LIVE, [], settings({ overrides: { instanceTypes: ["r5.xlarge"] } }))).toThrow(
      /instanceTypes.*gives live 1 instance types, too few for a Spot fleet/,
    );
  });
});

describe("a stack with a standing cluster", () => {
  const datasets = [exampleDataset("rows")];
  const spark = { standing: { live: { generations: ["blue", "green"], active: "blue" } } };
  const without = exampleEnvironment("prod", { datasets, settings: { spark } });
  const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };

  it("needs room for both of its generations", () => {
    expect(fleetsOf(environment.capacity)).toHaveLength(3);
    expect(() => sizePlatform(settings({ ...spark, maxVcpus: 60 }), datasets)).toThrow(
      /maxVcpus.*allowed: at least 88/,
    );
  });

  it("is billed for every hour of each generation, and for Spot nodes only as the mean rate needs them", () => {
    const resource = (type: string, name: string) => ({ urn: `urn::${name}`, type, name, inputs: {} });
    const bill = (...resources: ReturnType<typeof resource>[]) => costOf(resources, environment);
    const cluster = bill(resource("aws:emr/cluster:Cluster", "standing-live-blue-cluster"));
    const primary = cluster.items.find(
      ({ service, description }) => service === "EC2" && description.includes("primary"),
    );
    // 3 × 730 h of m7i.xlarge.
    expect(primary).toMatchObject({ quantity: 2_190, monthly: 441.5 });
    const task = bill(resource("aws:emr/instanceFleet:InstanceFleet", "standing-live-blue-task"));
    expect(task.monthly).toMatchObject({ min: 0, expected: 0 });
    expect(task.monthly.max).toBeGreaterThan(1_000);
  });
});
