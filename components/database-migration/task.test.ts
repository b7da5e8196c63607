import { describe, expect, it } from "vitest";
import { exampleDataset } from "../../tests/environment";
import { targetConfiguration } from "./endpoints";
import { instanceSize, serverlessSize } from "./instance";
import { dmsIdentifier, isDatabase, landingPrefix, type DatabaseDataset } from "./replication";
import { untilRunning, verdictOf } from "./running";
import { tableMappings, taskSettings } from "./task";

function exampleTable(table: string): DatabaseDataset {
  const dataset = exampleDataset("planes", { source: { kind: "database", connection: "fleet", table }, key: ["id"] });
  if (!isDatabase(dataset)) throw new Error("not a database dataset");
  return dataset;
}

describe("a replication's table mappings", () => {
  const { rules } = JSON.parse(tableMappings(exampleTable("public.planes"))) as { rules: Record<string, unknown>[] };

  it("select exactly the declared table", () => {
    const selections = rules.filter((rule) => rule["rule-type"] === "selection");
    expect(selections.map((rule) => rule["object-locator"])).toEqual([
      { "schema-name": "public", "table-name": "planes" },
    ]);
  });

  it("bring the change sequence, the key before an update, and times as text", () => {
    expect(rules.map((rule) => rule["rule-action"])).toEqual([
      "include",
      "add-column",
      "add-before-image-columns",
      "change-data-type",
    ]);
    expect(rules[1]).toMatchObject({ value: "basin_change_seq", expression: "$AR_H_CHANGE_SEQ" });
    expect(new Set(rules.map((rule) => rule["rule-id"])).size).toBe(rules.length);
  });
});

describe("a replication's settings", () => {
  const settings = JSON.parse(taskSettings()) as Record<string, Record<string, unknown>>;

  it("stop at a row that cannot be copied, and never take files away", () => {
    expect(settings["ErrorBehavior"]).toMatchObject({
      DataErrorPolicy: "STOP_TASK",
      DataTruncationErrorPolicy: "STOP_TASK",
      TableErrorPolicy: "STOP_TASK",
      FailOnNoTablesCaptured: true,
    });
    expect(settings["FullLoadSettings"]).toMatchObject({ TargetTablePrepMode: "DO_NOTHING" });
    expect(settings["ChangeProcessingDdlHandlingPolicy"]).toMatchObject({
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
    });
  });

  it("hold nothing that DMS refuses or returns otherwise", () => {
    expect(settings["TargetMetadata"]).toMatchObject({ BatchApplyEnabled: false, FullLobMode: false });
    expect(Object.keys(settings["Logging"] ?? {})).toEqual(["EnableLogging", "LogComponents"]);
    const lists = JSON.stringify(settings).match(/"\w+":\[/g);
    expect(lists).toEqual(['"LogComponents":[']);
  });
});

describe("a replication's target", () => {
  it("is Parquet with what orders changes, never CSV by transactions", () => {
    expect(targetConfiguration("fleet", "111122223333")).toMatchObject({
      dataFormat: "parquet",
      parquetVersion: "parquet-2-0",
      timestampColumnName: "basin_commit_time",
      useTaskStartTimeForFullLoadTimestamp: true,
      includeOpForFullLoad: true,
      preserveTransactions: false,
      encryptionMode: "SSE_KMS",
      expectedBucketOwner: "111122223333",
    });
  });

  it("lies where the job looks for the table", () => {
    expect(landingPrefix(exampleTable("public.planes"))).toBe("fleet/public/planes/");
  });
});

describe("an identifier of DMS", () => {
  it("keeps a name that fits", () => {
    expect(dmsIdentifier("basin-prod-fleet")).toBe("basin-prod-fleet");
  });

  it("has single hyphens and none at its end, within its limit, and keeps two names apart", () => {
    const names = [
      "a__b",
      "a_b",
      "a_",
      "a-",
      "x".repeat(80),
      `${"x".repeat(79)}y`,
      `${"x".repeat(53)}-${"y".repeat(20)}`,
    ];
    const made = names.map((name) => dmsIdentifier(name));
    for (const each of made) expect(each).toMatch(/^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(new Set(made).size).toBe(names.length);
  });
});

describe("a replication's size", () => {
  const gib = 1024 ** 3;

  it("is the smallest instance that copies the peak of all tables, with a day's changes on its disk", () => {
    expect(instanceSize([{ daily: gib, peak: 10 }])).toEqual({
      replicationInstanceClass: "dms.t3.medium",
      allocatedStorage: 50,
    });
    expect(instanceSize([{ daily: 300 * gib, peak: 30_000 }])).toEqual({
      replicationInstanceClass: "dms.r6i.4xlarge",
      allocatedStorage: 300,
    });
  });

  it("grows with the number of tables, each of which is a task", () => {
    const tables = Array.from({ length: 60 }, () => ({ daily: gib, peak: 1 }));
    expect(instanceSize(tables).replicationInstanceClass).toBe("dms.r6i.2xlarge");
  });

  it("is between two of DMS's own steps where it is serverless", () => {
    expect(serverlessSize({ daily: gib, peak: 10 })).toEqual({ minCapacityUnits: 1, maxCapacityUnits: 2 });
    expect(serverlessSize({ daily: gib, peak: 10_000 })).toEqual({ minCapacityUnits: 4, maxCapacityUnits: 16 });
  });
});

describe("the check after a deployment", () => {
  const task = { dataset: "planes", taskId: "basin-prod-planes", ends: false };
  const after = (...statuses: string[]): Promise<void> => {
    const left = [...statuses];
    return untilRunning(task, () => Promise.resolve(left.shift() ?? "stopped"), { looks: 10, everyMs: 0 });
  };

  it("waits for a task that starts, and passes once it runs steadily", async () => {
    await expect(after("modifying", "starting", "running", "running")).resolves.toBeUndefined();
  });

  it("fails the deployment for a task that stopped, also one that stops at once", async () => {
    await expect(after("stopped")).rejects.toThrow(/replication of planes does not run.*basin-prod-planes is stopped/);
    await expect(after("running", "failed")).rejects.toThrow(/is failed/);
  });

  it("fails for a task that never gets there", async () => {
    await expect(after(...Array.from({ length: 20 }, () => "starting"))).rejects.toThrow(/is starting/);
  });

  it("takes a full load that has ended for done", () => {
    expect(verdictOf("stopped", true)).toBe("runs");
    expect(verdictOf("failed", true)).toBe("stopped");
  });
});
