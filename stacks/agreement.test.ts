import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { InputError, type Fault } from "../declarations/faults";
import { exampleDataset, exampleEnvironment, exampleStream } from "../tests/environment";
import { decide } from "./program";

const TODAY = "2026-11-24";

function decided(datasets: readonly Dataset[], settings: Record<string, unknown> = {}, faults: readonly Fault[] = []) {
  const { settings: parsed } = exampleEnvironment("prod", { settings });
  return decide(parsed, { datasets, faults, complete: true }, { today: TODAY });
}

function refusal(...args: Parameters<typeof decided>): string[] {
  try {
    decided(...args);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.split("\n");
  }
  throw new Error("was accepted");
}

describe("settings and datasets that do not agree", () => {
  it("are refused together, with what is wrong in either alone and with what does not fit in size", () => {
    const inOneFile: Fault = {
      where: "datasets/places.yaml",
      key: "retention.raw",
      message: "is shorter than history",
    };
    const message = refusal(
      [exampleDataset("places", { consumers: ["nobody"], freshness: "2 hours" })],
      { network: { cidr: "10.20.0.0/24", egress: "nat" }, deletion: { allow: ["places"], until: "2026-11-23" } },
      [inOneFile],
    );
    expect(message).toEqual([
      "datasets/places.yaml: retention.raw: is shorter than history",
      'datasets/places.yaml: consumers[0]: is not a consumer of Pulumi.prod.yaml; found "nobody"; allowed: none is declared',
      expect.stringMatching(/deletion\.allow: is one key of two.*allowed: disposable: true in datasets\/places\.yaml$/),
      expect.stringMatching(/deletion\.until: is past its date; found "2026-11-23"; allowed: 2026-11-24 or later/),
      expect.stringMatching(/network\.cidr: has 0 addresses .*allowed: \/\d+ or larger$/),
      expect.stringContaining("network.egress: sends traffic to the internet, which prod never does"),
    ]);
  });

  it("are refused with what no machine could keep, beside the rest", () => {
    const message = refusal([exampleDataset("places", { consumers: ["nobody"], freshness: "5 minutes" })]);
    expect(message).toEqual([
      expect.stringContaining("is not a consumer"),
      expect.stringContaining("freshness: cannot be kept"),
      expect.stringContaining("deadline: leaves a step no time"),
    ]);
  });

  it("are not sized when a file is missing, and no name is called unknown for its lack", () => {
    const { settings } = exampleEnvironment("prod", { settings: { retired: { places: "2026-01-01" } } });
    const unread: Fault = { where: "datasets/places.yaml", message: "is not YAML" };
    expect(() => decide(settings, { datasets: [], faults: [unread], complete: false }, { today: TODAY })).toThrow(
      /^datasets\/places\.yaml: is not YAML$/,
    );
  });
});

describe("a dataset that leaves", () => {
  const places = exampleDataset("places");
  const disposable = exampleDataset("places", { disposable: true });
  const deletion = { allow: ["places"], until: TODAY };

  it("is refused with one key of two, and the other is named", () => {
    expect(refusal([places], { deletion })).toEqual([
      expect.stringContaining("disposable: true in datasets/places.yaml"),
    ]);
    expect(refusal([disposable])).toEqual([
      expect.stringContaining("config.basin:deletion.allow in Pulumi.prod.yaml with places"),
    ]);
  });

  it("is accepted with both, until the day in the settings", () => {
    expect(decided([disposable], { deletion }).datasets).toHaveLength(1);
  });

  it("does not take along what is derived from it", () => {
    const summary = exampleDataset("summary", { source: { kind: "derived", from: ["places"] } });
    const retired = { places: "2026-11-01" };
    expect(refusal([disposable, summary], { deletion, retired })).toEqual([
      expect.stringMatching(/summary\.yaml: source\.from\[0\]: is read by this dataset.*found "places"/),
    ]);
    expect(decided([disposable, summary], { deletion, retired: { ...retired, summary: TODAY } }).datasets).toHaveLength(
      2,
    );
  });

  it("must be declared", () => {
    expect(refusal([places], { retired: { flights: TODAY } })).toEqual([
      expect.stringContaining('config.basin:retired: names a dataset that is not declared; found "flights"'),
    ]);
  });

  it("has no more runs once it is retired, and its stream is still archived", () => {
    const { capacity } = decided([places, exampleStream("events")], { retired: { events: "2026-01-01" } });
    expect(capacity.runs.map(({ dataset }) => dataset)).toEqual(["places"]);
    expect(capacity.clusters.flatMap(({ datasets }) => datasets)).toEqual(["places"]);
    expect(capacity.archives).toMatchObject([{ dataset: "events", bufferSeconds: 900 }]);
  });
});

it("an agreement that has run out is refused by its position", () => {
  const acknowledge = [
    { replace: "lake-raw", until: "2027-01-01" },
    { replace: "lake-lake", until: "2026-11-23" },
  ];
  expect(refusal([exampleDataset("places")], { acknowledge })).toContainEqual(
    expect.stringContaining("config.basin:acknowledge[1].until: is past its date"),
  );
});
