import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareWithBaseline, readBaseline } from "./baseline";
import type { Json } from "./shape";
import { resource, samplePlan } from "./testing/sample-plan";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "basin-baseline-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const written = (content: unknown): string => {
  const file = join(folder, "plan.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

const before = samplePlan({
  resources: [
    resource("kept", "aws:s3/bucket:Bucket", { bucket: "kept", tags: { a: "1" } }),
    resource("renamed", "aws:s3/bucket:Bucket", { bucket: "old" }),
    resource("gone", "aws:sns/topic:Topic"),
    resource("same", "aws:kms/key:Key", { description: "x" }),
  ],
});
const after = samplePlan({
  resources: [
    resource("kept", "aws:s3/bucket:Bucket", { bucket: "kept", tags: { a: "2" }, forceDestroy: true }),
    resource("renamed", "aws:s3/bucket:Bucket", { bucket: "new" }),
    resource("new", "aws:sns/topic:Topic"),
    resource("same", "aws:kms/key:Key", { description: "x" }),
  ],
  cost: { ...before.cost, monthly: { ...before.cost.monthly, expected: before.cost.monthly.expected - 34.5 } },
});

describe("a plan against a baseline", () => {
  it("says what becomes of each resource, and why one is replaced", () => {
    const changes = compareWithBaseline(after, readBaseline(written(before), "dev"));
    const urn = (type: string, name: string): string => `urn:pulumi:dev::basin::${type}::${name}`;
    expect(changes).toEqual({
      costDelta: -34.5,
      resources: [
        {
          urn: urn("aws:s3/bucket:Bucket", "kept"),
          operation: "update",
          properties: ["forceDestroy", "tags"],
          cause: null,
        },
        {
          urn: urn("aws:s3/bucket:Bucket", "renamed"),
          operation: "replace",
          properties: ["bucket"],
          cause: "bucket cannot be changed in place: the AWS provider's schema (aws_s3_bucket: forces a new resource)",
        },
        { urn: urn("aws:sns/topic:Topic", "gone"), operation: "delete", properties: [], cause: null },
        { urn: urn("aws:sns/topic:Topic", "new"), operation: "create", properties: [], cause: null },
      ],
    });
  });

  it("shows a change of a stream's mode as what it is: in place, and not a replacement", () => {
    const stream = (inputs: Record<string, Json>) =>
      samplePlan({ resources: [resource("events", "aws:kinesis/stream:Stream", { name: "events", ...inputs })] });
    const provisioned = stream({ streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: 4 });
    const onDemand = stream({ streamModeDetails: { streamMode: "ON_DEMAND" } });
    const [change] = compareWithBaseline(onDemand, readBaseline(written(provisioned), "dev")).resources;
    expect(change).toMatchObject({ operation: "update", properties: ["shardCount", "streamModeDetails"] });
    expect(change?.cause).toContain(
      "its mode changes in place from PROVISIONED to ON_DEMAND, records and readers stay",
    );
    const more = stream({ streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: 8 });
    expect(compareWithBaseline(more, readBaseline(written(provisioned), "dev")).resources).toMatchObject([
      { operation: "update", properties: ["shardCount"], cause: null },
    ]);
  });

  it("leaves out what the program ignores", () => {
    const ignoring = after.resources.map((each) => ({
      ...each,
      options: { ...each.options, ignoreChanges: ["bucket"] },
    }));
    const changes = compareWithBaseline({ ...after, resources: ignoring }, readBaseline(written(before), "dev"));
    expect(changes.resources.map(({ urn, operation }) => `${operation} ${urn.split("::")[3] ?? ""}`)).not.toContain(
      "replace renamed",
    );
  });

  it("finds nothing in the same plan", () => {
    expect(compareWithBaseline(before, readBaseline(written(before), "dev"))).toEqual({ costDelta: 0, resources: [] });
  });

  it.each([
    ["{", "is not JSON; allowed: a file that `basin plan --json` wrote"],
    [{ version: 2 }, "is not a plan of version 1"],
    [{ ...samplePlan(), stack: "prod" }, 'is a plan of another stack; found "prod"'],
  ])("refuses %j", (content, message) => {
    expect(() => readBaseline(written(content), "dev")).toThrow(message);
  });

  it("refuses a file that is not there", () => {
    expect(() => readBaseline(join(folder, "none.json"), "dev")).toThrow("none.json: cannot be read");
  });
});
