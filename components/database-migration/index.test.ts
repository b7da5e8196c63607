import { beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE_CONNECTION as connection, exampleDataset, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import type { Dataset } from "../../declarations/dataset";
import { migrationFaults } from "./faults";
import { DatabaseMigration } from "./index";

const arn = (name: string) => ({ arn: `arn:aws:kms:us-east-1:111122223333:key/${name}` });
const lake = {
  keys: { lake: arn("lake"), secrets: arn("secrets") },
  buckets: { landing: { name: "landing", ready: [] } },
};
const network = { subnetIds: ["subnet-a", "subnet-b"], securityGroups: { migration: "sg-migration" } };
function exampleTable(name: string, mode = "full-and-changes", from = "fleet"): Dataset {
  return exampleDataset(name, {
    source: { kind: "database", connection: from, table: `public.${name}`, mode },
    key: ["id"],
  });
}

function declareMigration(
  environment: "dev" | "prod",
  datasets: readonly Dataset[],
  connections: Readonly<Record<string, unknown>> = { fleet: connection },
): Promise<Recorded> {
  const example = exampleEnvironment(environment, { datasets, settings: { connections } });
  const args = { environment: example, lake, network, after: [] };
  return recordComponents(example, () => new DatabaseMigration("migration", args));
}

describe("DatabaseMigration", () => {
  it("declares nothing where no dataset is read from a database", async () => {
    expect((await declareMigration("prod", [exampleDataset("places")])).counts()).toEqual({});
  });

  describe("in prod", () => {
    let recorded: Recorded;
    beforeAll(async () => {
      recorded = await declareMigration("prod", [exampleTable("planes"), exampleTable("seats", "full")]);
    });

    it("runs on one instance a source, in several zones, private and under the lake's key", () => {
      const { inputs } = recorded.get("aws:dms/replicationInstance:ReplicationInstance", "migration-instance-fleet");
      expect(inputs).toMatchObject({
        replicationInstanceId: "basin-prod-fleet",
        multiAz: true,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        kmsKeyArn: lake.keys.lake.arn,
        vpcSecurityGroupIds: ["sg-migration"],
      });
    });

    it("reads each table by a task of its own, by the mode of its declaration", () => {
      const tasks = recorded.ofType("aws:dms/replicationTask:ReplicationTask").map(({ inputs }) => inputs);
      expect(tasks.map(({ replicationTaskId, migrationType }) => [replicationTaskId, migrationType])).toEqual([
        ["basin-prod-planes", "full-load-and-cdc"],
        ["basin-prod-seats", "full-load"],
      ]);
      // Without it the provider leaves a task stopped that it has changed.
      expect(tasks.every(({ startReplicationTask }) => startReplicationTask === true)).toBe(true);
    });

    it("knows the password by its secret alone, and the database by its certificate", () => {
      const { inputs } = recorded.get("aws:dms/endpoint:Endpoint", "migration-source-fleet");
      expect(inputs).toMatchObject({ sslMode: "verify-full", secretsManagerArn: connection.secretArn });
      for (const property of ["password", "username", "serverName", "port"])
        expect(inputs).not.toHaveProperty(property);
    });

    it("writes into its own folder of landing, under the lake's key", () => {
      const { inputs } = recorded.get("aws:dms/s3Endpoint:S3Endpoint", "migration-target-fleet");
      expect(inputs).toMatchObject({
        bucketName: "landing",
        bucketFolder: "fleet",
        serverSideEncryptionKmsKeyId: lake.keys.lake.arn,
      });
      expect(inputs).not.toHaveProperty("kmsKeyArn");
    });
  });

  it("runs a serverless source without an instance, each table by its own capacity", async () => {
    const recorded = await declareMigration("prod", [exampleTable("planes")], {
      fleet: { ...connection, capacity: "serverless" },
    });
    expect(recorded.ofType("aws:dms/replicationInstance:ReplicationInstance")).toEqual([]);
    const { inputs } = recorded.get("aws:dms/replicationConfig:ReplicationConfig", "migration-replication-planes");
    expect(inputs).toMatchObject({
      startReplication: true,
      computeConfig: { multiAz: true, kmsKeyId: lake.keys.lake.arn, replicationSubnetGroupId: "basin-prod-migration" },
    });
  });

  it("asks every engine for the strictest TLS that DMS has for it", async () => {
    const engines = ["postgres", "mysql", "oracle", "sqlserver"];
    const connections = Object.fromEntries(engines.map((engine) => [engine, { ...connection, engine }]));
    const recorded = await declareMigration(
      "dev",
      engines.map((engine) => exampleTable(`of_${engine}`, "changes", engine)),
      connections,
    );
    const modes = recorded.ofType("aws:dms/endpoint:Endpoint").map(({ inputs }) => [inputs.engineName, inputs.sslMode]);
    expect(modes.sort()).toEqual([
      ["mysql", "verify-full"],
      ["oracle", "verify-ca"],
      ["postgres", "verify-full"],
      ["sqlserver", "verify-full"],
    ]);
  });
});

describe("what keeps a source's tables from coming in", () => {
  const faults = (datasets: readonly Dataset[], connections: Readonly<Record<string, unknown>>): string[] => {
    const { settings } = exampleEnvironment("prod", { datasets, settings: { connections } });
    return migrationFaults(settings, datasets).map(({ key, message }) => `${key}: ${message}`);
  };

  it("is a second dataset of one table: both replications would write the same files", () => {
    const twin = exampleDataset("twin", {
      source: { kind: "database", connection: "fleet", table: "public.planes" },
      key: ["id"],
    });
    expect(faults([exampleTable("planes"), twin], { fleet: connection })).toEqual([
      "source.table: is the source of planes already: two replications of one table write the same files",
    ]);
  });

  it("is a connection without a certificate, once a table is read by it", () => {
    const connections = { fleet: { ...connection, caCertificateArn: undefined } };
    expect(faults([exampleTable("planes")], connections)).toHaveLength(1);
    expect(faults([exampleDataset("places")], connections)).toEqual([]);
  });

  it("is more tables than one instance takes tasks", () => {
    const tables = Array.from({ length: 201 }, (_, index) => exampleTable(`t${index}`));
    expect(faults(tables, { fleet: connection })).toHaveLength(1);
    expect(faults(tables, { fleet: { ...connection, capacity: "serverless" } })).toEqual([]);
  });
});
