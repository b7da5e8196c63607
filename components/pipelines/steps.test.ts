import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import type { Dataset } from "../../declarations/dataset";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import type { Environment } from "../environment";
import type { Artifact } from "./artifacts";
import { renderSteps } from "./steps";

const artifacts: Artifact[] = [
  { name: "main", bucket: "artifacts", key: "jobs/0a/main.py", content: { text: "" } },
  { name: "jobs", bucket: "artifacts", key: "jobs/0a/basin_jobs.zip", content: { zip: {} } },
  { name: "datasets", bucket: "artifacts", key: "datasets/0b/basin_datasets.zip", content: { zip: {} } },
  { name: "dependencies", bucket: "artifacts", key: "dependencies/0c/dependencies.zip", content: { folder: "" } },
];
const BUCKET = "s3://basin-prod-111122223333-us-east-1";

function environment(datasets: readonly Dataset[]): Environment {
  const without = exampleEnvironment("prod", { datasets });
  return { ...without, capacity: sizePlatform(without.settings, datasets) };
}

describe("steps", () => {
  const flights = exampleStream("flights", {
    freshness: "1 hour",
    volume: { stored: "2 PiB", daily: "30 TiB", record: "1.2 kB", peak: 600_000 },
  });
  const delays = exampleDataset("delays", {
    source: { kind: "derived", from: ["flights"] },
    volume: undefined,
    freshness: "12 hours",
  });

  it("are whole commands: where the job is, what it does, and its sizes", () => {
    const [step] = renderSteps(environment([exampleDataset("places")]), artifacts);
    expect(step).toEqual({
      dataset: "places",
      name: "basin-prod-places",
      args: [
        "spark-submit",
        ...["--master", "yarn", "--deploy-mode", "cluster", "--name", "basin-prod-places"],
        ...["--conf", "spark.executor.instances=1", "--conf", "spark.sql.shuffle.partitions=2"],
        ...["--conf", "spark.databricks.delta.optimizeWrite.binSize=256m"],
        ...["--conf", "spark.databricks.delta.optimize.maxFileSize=268435456"],
        "--py-files",
        [
          `${BUCKET}-artifacts/jobs/0a/basin_jobs.zip`,
          `${BUCKET}-artifacts/datasets/0b/basin_datasets.zip`,
          `${BUCKET}-artifacts/dependencies/0c/dependencies.zip`,
        ].join(","),
        `${BUCKET}-artifacts/jobs/0a/main.py`,
        "silver",
        ...["--dataset", "places", "--raw", `${BUCKET}-raw`, "--lake", `${BUCKET}-lake`],
        ...["--lock-table", "basin-prod-locks"],
      ],
      after: [],
      way: "files",
      latencySeconds: expect.any(Number) as number,
    });
  });

  it("name the database of tables that show copies, where there are copies", () => {
    const [step] = renderSteps(environment([exampleDataset("places", { exports: ["orc"] })]), artifacts);
    expect(step?.args.slice(-2)).toEqual(["--export-database", "basin_prod_silver"]);
  });

  it("come in dependency order, each after what it derives from", () => {
    const steps = renderSteps(environment([delays, flights]), artifacts);
    expect(steps.map(({ dataset, after, way, args }) => [dataset, after, way, args.includes("gold")])).toEqual([
      ["flights", [], "archive", false],
      ["delays", ["flights"], "derived", true],
    ]);
  });

  it("let executors come and go where task nodes do", () => {
    const [step] = renderSteps(environment([flights]), artifacts);
    expect(step?.args.some((arg) => /^spark\.dynamicAllocation\.maxExecutors=\d+$/.test(arg))).toBe(true);
    expect(step?.args.join(" ")).not.toContain("spark.executor.instances");
  });

  it("promise no older rows than their datasets' freshness", () => {
    for (const step of renderSteps(environment([delays, flights]), artifacts)) {
      const freshness = step.dataset === "flights" ? 3_600 : 43_200;
      expect(step.latencySeconds).toBeLessThanOrEqual(freshness);
    }
  });

  it("are refused when their command is longer than EMR takes", () => {
    const long = artifacts.map((each) => ({ ...each, key: `${"k".repeat(4_000)}/${each.name}` }));
    expect(() => renderSteps(environment([exampleDataset("places")]), long)).toThrow(
      /places: needs a command that is longer than EMR takes.*at most 10240 characters/,
    );
  });
});
