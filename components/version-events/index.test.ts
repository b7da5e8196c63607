import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { VersionEvents } from "./index";
import { tellStatements, versionPatterns } from "./pattern";

const CONSUMERS = { "fleet-planning": { account: "777788889999" }, pricing: { account: "111122223333" } };
const environmentOf = (datasets = [exampleDataset("places", { consumers: ["fleet-planning", "pricing"] })]) =>
  exampleEnvironment("prod", { datasets, settings: { consumers: CONSUMERS } });

function recorded(environment = environmentOf()): Promise<Recorded> {
  const buckets = { lake: { name: environment.names.bucket("lake"), ready: [] } };
  return recordComponents(environment, () => new VersionEvents("versions", { environment, lake: { buckets } }));
}

describe("a table's new version", () => {
  it("is told to each consumer that may read it, on a bus in its own account", async () => {
    const components = await recorded();
    const targets = components.ofType("aws:cloudwatch/eventTarget:EventTarget");
    expect(targets.map(({ inputs }) => inputs["arn"])).toEqual([
      "arn:aws:events:us-east-1:777788889999:event-bus/basin-prod-versions-fleet-planning",
      "arn:aws:events:us-east-1:111122223333:event-bus/basin-prod-versions-pricing",
    ]);
    expect(components.get("aws:s3/bucketNotification:BucketNotification", "versions-commits").inputs).toMatchObject({
      bucket: "basin-prod-111122223333-us-east-1-lake",
      eventbridge: true,
    });
  });

  it("is not told to a consumer that may not read it", async () => {
    const datasets = [
      exampleDataset("places", { consumers: ["fleet-planning"] }),
      exampleDataset("prices", { consumers: ["pricing"] }),
    ];
    const patterns = (await recorded(environmentOf(datasets)))
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .map(({ name, inputs }) => [name, JSON.stringify(inputs["eventPattern"])] as const);
    expect(patterns).toHaveLength(2);
    for (const [name, pattern] of patterns) {
      expect(pattern.includes("silver/places/_delta_log/0*.json")).toBe(name === "versions-fleet-planning");
      expect(pattern.includes("silver/prices/_delta_log/0*.json")).toBe(name === "versions-pricing");
    }
  });

  it("costs nothing where nobody reads", async () => {
    expect((await recorded(environmentOf([exampleDataset("places")]))).counts()).toEqual({});
  });

  it("of many datasets is told by as many patterns as EventBridge's limit asks for, each dataset in one", () => {
    const datasets = Array.from({ length: 200 }, (_, index) => exampleDataset(`${"d".repeat(58)}${index}`));
    const patterns = versionPatterns(environmentOf(), datasets);
    expect(patterns.every((pattern) => pattern.length <= 2_048)).toBe(true);
    const keys = patterns.flatMap(
      (pattern) => (JSON.parse(pattern) as { detail: { object: { key: { wildcard: string }[] } } }).detail.object.key,
    );
    expect(keys.map(({ wildcard }) => wildcard.split("/")[1])).toEqual(datasets.map(({ name }) => name));
  });

  it("is sent under rights to those buses alone", () => {
    expect(tellStatements(environmentOf(), [{ consumer: "fleet-planning" }])).toEqual([
      {
        Sid: "TellFleetPlanning",
        Effect: "Allow",
        Action: "events:PutEvents",
        Resource: "arn:aws:events:us-east-1:777788889999:event-bus/basin-prod-versions-fleet-planning",
      },
    ]);
  });
});
