import type { Plan, PlannedResource, Violation } from "../shape";

const OPTIONS = { protect: false, retainOnDelete: false, ignoreChanges: [], aliases: [], dependsOn: [] };

export function resource(
  name: string,
  type: string,
  inputs: PlannedResource["inputs"] = {},
  parent: string | null = null,
): PlannedResource {
  const urn = `urn:pulumi:dev::basin::${type}::${name}`;
  return { urn, type, name, parent, inputs, outputs: { id: name }, options: OPTIONS };
}

const lake = resource("lake", "basin:index:DataLake");
const raw = resource("raw", "basin:index:Bucket", {}, lake.urn);

export const VIOLATION: Violation = {
  policy: "s3-bucket-encryption",
  enforcement: "mandatory",
  urn: "urn:pulumi:dev::basin::aws:s3/bucket:Bucket::raw-bucket",
  message: "the bucket's default encryption does not use KMS",
  value: "AES256 | <none>",
  fix: "sseAlgorithm: `aws:kms`",
  controls: ["S3.17", "CKV_AWS_145"],
  undecided: false,
};

/** A small plan with one of everything. */
export function samplePlan(changes: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    stack: "dev",
    region: "us-east-1",
    resources: [
      lake,
      raw,
      resource("raw-bucket", "aws:s3/bucket:Bucket", { bucket: "raw" }, raw.urn),
      resource("key", "aws:kms/key:Key", {}, lake.urn),
      resource("key2", "aws:kms/key:Key", {}, lake.urn),
      resource("account", "pulumi:providers:aws"),
    ],
    outputs: {},
    steps: [
      {
        dataset: "flights",
        name: "flights",
        args: ["spark-submit", "a&b"],
        after: [],
        way: "archive",
        latencySeconds: 3_600,
      },
      { dataset: "delays", name: "delays", args: [], after: ["flights"], way: "derived", latencySeconds: 51_000 },
    ],
    policies: { checked: 9, violations: [] },
    cost: {
      currency: "USD",
      monthly: { min: 10, expected: 1_234.5, max: 99_999 },
      unknown: ["Athena: what people's queries scan"],
      byDataset: [],
      items: [
        item("KMS", "keys", null, 2),
        item("Firehose", "archive of flights", "flights", 1_200),
        item("S3", "raw of flights", "flights", 32.5),
      ],
    },
    capacity: {
      streams: [],
      ways: [],
      archives: [],
      clusters: [],
      standing: [],
      software: [],
      runs: [],
      tables: [],
      uploads: { partBytes: 1, reason: "" },
    },
    changes: null,
    ...changes,
  };
}

function item(
  service: string,
  description: string,
  dataset: string | null,
  monthly: number,
): Plan["cost"]["items"][number] {
  const price = { value: 1, date: "2026-03", source: "AWS" };
  return { urn: null, dataset, service, description, quantity: monthly, unit: "USD", price, monthly };
}
