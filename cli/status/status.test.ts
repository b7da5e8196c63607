import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { startMiniStack } from "../local/aws/ministack";
import { openStateFolder } from "../local/state/state-folder";
import { readToolchain } from "../local/toolchain";
import { healthTable } from "./command";
import { healthOf } from "./health";
import type { Reach } from "../aws-account";
import { readSigns } from "./signs";

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-29T12:00:00Z");
const datasets = ["fresh_one", "late_one", "new_one", "old_one"].map((name) =>
  exampleDataset(name, { freshness: "1 hour", ...(name === "old_one" ? { disposable: false } : {}) }),
);
const unsized = exampleEnvironment("prod", { datasets, settings: { retired: { old_one: "2026-11-01" } } });
const environment = { ...unsized, capacity: sizePlatform(unsized.settings, datasets) };

describe("the health of a dataset", () => {
  const failure = { at: NOW - 5 * MINUTE, status: "FAILED", execution: "run-7" };
  const health = healthOf(
    environment,
    new Map([
      ["fresh_one", { lastRun: NOW - 60 * MINUTE, tableVersion: 12, lastFailure: failure }],
      ["late_one", { lastRun: NOW - 61 * MINUTE, tableVersion: 3 }],
      ["old_one", { lastRun: NOW - 9_999 * MINUTE, tableVersion: 99 }],
    ]),
    NOW,
  );

  it("is fresh until its last run is as old as was promised; a retired one is never late", () => {
    expect(health.map(({ dataset, state }) => [dataset, state])).toEqual([
      ["fresh_one", "fresh"],
      ["late_one", "late"],
      ["new_one", "never run"],
      ["old_one", "retired"],
    ]);
  });

  it("says since when, which version, and how a run last failed", () => {
    expect(health[0]).toMatchObject({
      lagSeconds: 3_600,
      tableVersion: 12,
      lastFailure: { at: "2026-11-29T11:55:00.000Z", status: "FAILED", execution: "run-7" },
    });
    expect(health[2]).toMatchObject({ lagSeconds: null, tableVersion: null, lastFailure: null });
  });

  it("is a line each, those in trouble first", () => {
    const lines = healthTable(health).split("\n");
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual([
      "dataset",
      "late_one",
      "new_one",
      "fresh_one",
      "old_one",
    ]);
    expect(lines[3]).toContain("2026-11-29T11:55Z FAILED run-7");
  });
});

describe("signs of a stack, from an AWS", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-status-"));
  let server: Awaited<ReturnType<typeof startMiniStack>>;
  let reach: Reach;
  const account = environment.settings.accountId;
  beforeAll(async () => {
    const settings = { accountId: account, region: "us-east-1" };
    server = await startMiniStack(readToolchain(), openStateFolder(folder), settings, ["monitoring", "states"]);
    reach = {
      region: "us-east-1",
      endpoint: server.endpoint,
      credentials: { accessKeyId: account, secretAccessKey: "test" },
    };
  });
  afterAll(async () => {
    await server.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are the newest metrics that the jobs have published", async () => {
    const now = Date.now();
    const cloudwatch = new CloudWatchClient(reach);
    const dimensions = [
      { Name: "Stack", Value: "basin-prod" },
      { Name: "Dataset", Value: "fresh_one" },
    ];
    const put = (MetricName: string, Value: number, minutesAgo: number) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: "Basin",
          MetricData: [{ MetricName, Value, Dimensions: dimensions, Timestamp: new Date(now - minutesAgo * MINUTE) }],
        }),
      );
    await put("CommitAge", 30, 50);
    await put("TableVersion", 4, 50);
    await put("CommitAge", 40, 20);
    await put("TableVersion", 5, 20);
    cloudwatch.destroy();

    const signs = await readSigns(environment, reach, now);
    const { lastRun = 0, tableVersion } = signs.get("fresh_one") ?? {};
    expect(tableVersion).toBe(5);
    // To the start of its period.
    expect(Math.abs(now - 20 * MINUTE - lastRun)).toBeLessThanOrEqual(5 * MINUTE);
    expect(signs.get("late_one")).toEqual({});
  });

  it("are not asked of another account than the settings'", async () => {
    const other = { ...reach, credentials: { accessKeyId: "999999999999", secretAccessKey: "test" } };
    await expect(readSigns(environment, other, NOW)).rejects.toThrow(
      /accountId: is not the account of this shell's credentials; found "111122223333".*these are of 999999999999/,
    );
  });
});
