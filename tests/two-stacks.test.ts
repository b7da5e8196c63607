import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "./environment";
import { recordGround } from "./ground";
import type { Recorded } from "./record-components";

/** Properties by which AWS tells resources apart. */
const NAMES = ["name", "bucket", "policyName"] as const;
/** These carry the name of what they belong to, or are named within it. */
const PARTS = /^aws:s3\/(bucket[A-Z]|inventory)|catalogTable|logStream/;

function physicalNames(recorded: Recorded): string[] {
  return recorded.resources
    .filter(({ type, custom }) => custom && !PARTS.test(type))
    .flatMap(({ type, inputs }) =>
      NAMES.flatMap((property) => (typeof inputs[property] === "string" ? [`${type} ${inputs[property]}`] : [])),
    );
}

// The longest names that a declaration may have, which differ in their last sign alone.
const longest = ["a", "b"].map((end) => "d".repeat(62) + end);
const datasets = [
  ...longest.map((name) => exampleStream(name, { owner: "o".repeat(31) })),
  exampleDataset("places"),
  exampleDataset("summary", { source: { kind: "derived", from: ["places"] } }),
];

/** Milliseconds: half a second a stack on a machine that does nothing else. */
const RECORDING = 30_000;

describe("two stacks in one account and region", () => {
  it(
    "have no name in common, and neither has a name twice",
    async () => {
      const names: string[] = [];
      for (const stack of ["dev", "prod"] as const) {
        names.push(...physicalNames(await recordGround(exampleEnvironment(stack, { datasets }))));
      }
      expect(names.length).toBeGreaterThan(60);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    },
    RECORDING,
  );
});

describe("names", () => {
  it(
    "stay within their services' limits for the longest prefix, region and datasets",
    async () => {
      const example = exampleEnvironment("prod", { datasets, settings: { prefix: "p".repeat(10) } });
      const limits: Record<string, number> = {
        "aws:s3/bucket:Bucket": 63,
        "aws:kms/alias:Alias": 256,
        "aws:dynamodb/table:Table": 255,
        "aws:glue/catalogDatabase:CatalogDatabase": 255,
        "aws:glue/catalogTable:CatalogTable": 255,
        "aws:athena/workgroup:Workgroup": 128,
        "aws:kinesis/stream:Stream": 128,
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": 64,
        "aws:iam/role:Role": 64,
        "aws:iam/policy:Policy": 128,
        "aws:sns/topic:Topic": 256,
        "aws:cloudwatch/logGroup:LogGroup": 512,
        "aws:cloudwatch/logStream:LogStream": 512,
        "aws:cloudwatch/eventRule:EventRule": 64,
        "aws:ec2/securityGroup:SecurityGroup": 255,
      };
      const { resources } = await recordGround(example);
      for (const { type, inputs } of resources) {
        const name = inputs["name"] ?? (type === "aws:s3/bucket:Bucket" ? inputs["bucket"] : undefined);
        if (typeof name !== "string" || !(type in limits)) continue;
        expect(name.length, `${type} ${name}`).toBeLessThanOrEqual(limits[type] ?? 0);
      }
    },
    RECORDING,
  );
});
