import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { PolicyDocument, Statement } from "../components/policy-document";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "../stacks/program";
import { exampleEnvironment } from "./environment";
import { recordComponents, type Recorded } from "./record-components";
import { list } from "./controls/audited-plan";
import { KNOW_NO_RESOURCE, LARGEST_POLICY } from "./policy-limits";

/** Milliseconds: three seconds on a machine that does nothing else. */
const RECORDING = 120_000;

// Names as long as a declaration may have them, which differ in their last sign alone.
const long = (end: string): string => "d".repeat(62) + end;
const consumer = "c".repeat(31);
const base = {
  description: "Rows.",
  owner: "o".repeat(31),
  columns: [{ name: "id", type: "bigint", required: true }],
  freshness: "1 day",
  volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
  consumers: [consumer],
};
const DATASETS = [
  { ...base, name: long("a"), source: { kind: "stream", format: "json" } },
  { ...base, name: long("b"), source: { kind: "files", format: "csv" } },
  { ...base, name: long("c"), source: { kind: "derived", from: [long("a")] } },
];

const LONGEST: Readonly<Record<string, number>> = {
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
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:sns/topic:Topic": 256,
  "aws:sfn/stateMachine:StateMachine": 80,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:cloudwatch/logGroup:LogGroup": 512,
  "aws:cloudwatch/logStream:LogStream": 512,
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:ec2/securityGroup:SecurityGroup": 255,
};

describe("the whole program, with the longest names that a declaration may have", () => {
  let folder: string;
  let recorded: Recorded;
  let policies: { name: string; type: string; size: number; statements: readonly Statement[] }[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "basin-whole-"));
    for (const dataset of DATASETS) {
      writeFileSync(join(folder, `${dataset.name}.yaml`), stringify(dataset));
      if (dataset.source.kind === "derived") {
        writeFileSync(join(folder, `${dataset.name}.sql`), `SELECT * FROM ${long("a")}`);
      }
    }
    const { settings } = exampleEnvironment("prod", {
      settings: { prefix: "p".repeat(10), ownsAccount: true, consumers: { [consumer]: { account: "222233334444" } } },
    });
    const environment = decide(settings, readDatasets(folder), { today: "2026-11-24" });
    recorded = await recordComponents(environment, () => declarePlatform(environment));
    policies = recorded.resources.flatMap(({ name, type, inputs }) =>
      ["policy", "assumeRolePolicy", "policyDocument"].flatMap((property) => {
        const text = inputs[property];
        if (typeof text !== "string") return [];
        return [{ name, type, size: text.length, statements: (JSON.parse(text) as PolicyDocument).Statement }];
      }),
    );
  }, RECORDING);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has no name that its service would refuse, and none twice", () => {
    const seen = new Set<string>();
    for (const { type, name: logicalName, inputs } of recorded.resources) {
      const name = inputs["name"] ?? (type === "aws:s3/bucket:Bucket" ? inputs["bucket"] : undefined);
      if (typeof name !== "string" || LONGEST[type] === undefined) continue;
      expect(name.length, `${logicalName}: ${name}`).toBeLessThanOrEqual(LONGEST[type]);
      // A log stream is named within its group, and a table within its database.
      if (/logStream|catalogTable/.test(type)) continue;
      expect(seen, name).not.toContain(`${type} ${name}`);
      seen.add(`${type} ${name}`);
    }
    expect(seen.size).toBeGreaterThan(50);
  });

  it("allows no action by wildcard in any policy", () => {
    expect(policies.length).toBeGreaterThan(40);
    for (const { name, statements } of policies) {
      for (const { Effect, Action } of statements) {
        if (Effect === "Allow") for (const action of list(Action)) expect(action, name).toMatch(/^[a-z0-9-]+:\w+$/i);
      }
    }
  });

  it("reaches every resource only where a service knows no finer, in an identity policy", () => {
    for (const { name, type, statements } of policies) {
      if (type !== "aws:iam/policy:Policy") continue;
      const wide = statements.filter(({ Sid, Resource }) => list(Resource).includes("*") && !KNOW_NO_RESOURCE.has(Sid));
      expect(wide, name).toEqual([]);
    }
  });

  it("keeps every policy within its service's size", () => {
    for (const { name, type, size } of policies) expect(size, name).toBeLessThanOrEqual(LARGEST_POLICY[type] ?? 0);
  });
});
