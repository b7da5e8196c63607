import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { subjectOf } from "../../cli/plan/policies";
import { readDatasets } from "../../declarations/load";
import { checkStack } from "../../policies/check";
import { RULES } from "../../policies/rules";
import { declarePlatform } from "../../stacks/program";
import { exampleEnvironment } from "../environment";
import { recordComponents } from "../record-components";

const RECORDING = 120_000;

const WRITTEN = {
  description: "Planes, as a database has them.",
  owner: "air-traffic",
  columns: [{ name: "id", type: "bigint", required: true }],
  key: ["id"],
  freshness: "1 hour",
  volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
};

const ENGINES = ["postgres", "mysql", "oracle", "sqlserver"] as const;
const connection = (engine: string, capacity: string): object => ({
  engine,
  capacity,
  host: "db.example.com",
  port: 5432,
  database: "fleet",
  cidr: "10.20.0.0/16",
  secretArn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:${engine}`,
  caCertificateArn: `arn:aws:dms:us-east-1:111122223333:cert:${engine}`,
});

const folder = mkdtempSync(join(tmpdir(), "basin-migration-"));
beforeAll(() => {
  for (const engine of ENGINES) {
    const name = `planes_${engine}`;
    const source = { kind: "database", connection: engine, table: "public.planes", mode: "full-and-changes" };
    writeFileSync(join(folder, `${name}.yaml`), stringify({ ...WRITTEN, name, source }));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(["instance", "serverless"])("a platform that copies from four databases, by %s,", (capacity) => {
  it.each(["dev", "prod"] as const)(
    "breaks no rule in %s",
    async (environment) => {
      const { datasets } = readDatasets(folder);
      const connections = Object.fromEntries(ENGINES.map((engine) => [engine, connection(engine, capacity)]));
      const settings = { connections, budget: { monthly: 1000 }, ownsAccount: true };
      const example = exampleEnvironment(environment, { datasets, settings });
      const { resources } = await recordComponents(example, () => declarePlatform(example));
      const { checked, violations } = checkStack(resources.map(subjectOf), RULES, environment);
      const told = violations.filter(({ policy }) => policy.startsWith("dms-"));
      expect(told.map(({ policy, urn, message }) => `${policy} ${urn}: ${message}`)).toEqual([]);
      expect(violations.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
      expect(checked).toBeGreaterThan(200);
      expect(resources.filter(({ type }) => type.startsWith("aws:dms/")).length).toBeGreaterThan(8);
    },
    RECORDING,
  );
});
