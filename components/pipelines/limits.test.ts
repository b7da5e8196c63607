import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { runSpecs } from "../spark-cluster/spec";
import { mostEvents, stateMachine } from "./definition";
import { refuseOversize, sampleRecipes } from "./limits";
import { renderSteps } from "./steps";

/** A group of one source and so many datasets that derive from it. */
function group(derived: number): void {
  const datasets = [
    exampleDataset("source"),
    ...Array.from({ length: derived }, (_, index) =>
      exampleDataset(`derived_${index}`, {
        source: { kind: "derived", from: ["source"] },
        volume: undefined,
      }),
    ),
  ];
  const without = exampleEnvironment("prod", { datasets });
  const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
  const [cluster] = environment.capacity.clusters;
  if (!cluster) throw new Error("no cluster");
  const recipes = sampleRecipes(runSpecs(environment, cluster));
  const content = { text: "" };
  const artifacts = ["main", "jobs", "datasets", "dependencies"].map((name) => ({
    name,
    bucket: "artifacts" as const,
    key: `${name}/${"0".repeat(16)}/${name}.zip`,
    content,
  }));
  const steps = renderSteps(environment, artifacts);
  const machine = stateMachine({ environment, cluster, recipes, steps, alertsTopicArn: "arn" });
  refuseOversize("group source", machine, mostEvents(cluster));
}

describe("a group's state machine", () => {
  it("holds eighty datasets that depend on each other, which is what a role holds", () => {
    expect(() => group(80)).not.toThrow();
  });

  it("is refused where its history could grow beyond what one execution holds, with the number", () => {
    expect(() => group(140)).toThrow(/group source: may leave more events than one execution holds.*at most 25000/);
  });

  it("is refused where its definition is longer than Step Functions takes", () => {
    expect(() => group(300)).toThrow(/group source: needs a longer definition than Step Functions takes/);
  });
});
