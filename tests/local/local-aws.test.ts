import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Clients } from "../../cli/local/aws/clients";
import { keepLocalAws, stopLocalAws, useLocalAws } from "../../cli/local/aws/local-aws";
import { answers } from "../../cli/local/aws/ministack";
import { provision } from "../../cli/local/aws/provision";
import { deliverySettings } from "../../cli/local/aws/provision-streams";
import { catalogueColumns } from "../../cli/local/catalogue-columns";
import { withCleanup } from "../../cli/local/cleanup";
import { adoptStrangers } from "../../cli/local/intake/adopt";
import { bringIn, undoUnfinished, type Intaking } from "../../cli/local/intake/bring-in";
import { resolveInputs } from "../../cli/local/intake/inputs";
import { Ledger } from "../../cli/local/intake/ledger";
import { machineSize } from "../../cli/local/machine-size";
import { planLocally, type LocalPlatform } from "../../cli/local/platform";
import { openStateFolder, type StateFolder } from "../../cli/local/state/state-folder";
import { readToolchain } from "../../cli/local/toolchain";

const ACCOUNT = { accountId: "111122223333", region: "us-east-1" };
const toolchain = readToolchain();
let folder: string;
let state: StateFolder;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "basin-local-"));
  state = openStateFolder(join(folder, "lake"));
});
afterAll(async () => {
  await stopLocalAws(state);
  rmSync(folder, { recursive: true });
});

describe("the local AWS", () => {
  test("runs as long as it is used, and is gone afterwards, also after an error", async () => {
    let endpoint = "";
    const failing = withCleanup(async (cleanup) => {
      ({ endpoint } = await useLocalAws(toolchain, state, ACCOUNT, cleanup));
      expect(await answers(endpoint)).toBe(true);
      throw new Error("as if a step had failed");
    });
    await expect(failing).rejects.toThrow("as if a step had failed");
    expect(await answers(endpoint)).toBe(false);
  });

  test("listens on loopback only", async () => {
    await withCleanup(async (cleanup) => {
      const { endpoint } = await useLocalAws(toolchain, state, ACCOUNT, cleanup);
      expect(new URL(endpoint).hostname).toBe("127.0.0.1");
      const listening = spawnSync("ss", ["-ltn"], { encoding: "utf8" }).stdout;
      if (listening)
        expect(listening).not.toMatch(new RegExp(`(0\\.0\\.0\\.0|\\*|\\[::\\]):${new URL(endpoint).port}\\b`));
    });
  });

  test("goes on when it shall be kept, and a later run takes it over", async () => {
    const first = await withCleanup(async (cleanup) => {
      const aws = await useLocalAws(toolchain, state, ACCOUNT, cleanup);
      keepLocalAws(state);
      return aws;
    });
    expect(await answers(first.endpoint)).toBe(true);
    await withCleanup(async (cleanup) => {
      expect(await useLocalAws(toolchain, state, ACCOUNT, cleanup)).toMatchObject({
        endpoint: first.endpoint,
        wasRunning: true,
      });
    });
    expect(await answers(first.endpoint)).toBe(false);
    expect(await stopLocalAws(state)).toBeUndefined();
  });

  test("that does not start is refused with its last words", async () => {
    const script = join(folder, "python");
    writeFileSync(script, "#!/bin/sh\necho no module named ministack >&2\nexit 1\n", { mode: 0o755 });
    const start = withCleanup((cleanup) => useLocalAws({ ...toolchain, python: script }, state, ACCOUNT, cleanup));
    await expect(start).rejects.toThrow(
      "ended with code 1 instead of starting; its last lines:\n  no module named ministack",
    );
  });
});

describe("the dev plan on the local AWS", () => {
  let platform: LocalPlatform;
  let clients: Clients;
  let intaking: Intaking;
  let rawBucket: string;

  beforeAll(async () => {
    platform = await planLocally(undefined);
    rawBucket = platform.environment.names.bucket("raw");
    const aws = await withCleanup(async (cleanup) => {
      const used = await useLocalAws(toolchain, state, ACCOUNT, cleanup);
      keepLocalAws(state);
      return used;
    });
    clients = connect(aws);
    await provision(clients, platform.plan.resources, ACCOUNT.region, machineSize());
    intaking = {
      aws,
      clients,
      rawBucket,
      landingBucket: platform.environment.names.bucket("landing"),
      deliveries: deliverySettings(platform.plan.resources, machineSize()),
      streamOf: (dataset) => platform.environment.names.stream(dataset),
      ledger: new Ledger(state.ledger),
      machine: machineSize(),
      python: toolchain.python,
      journals: state.journals,
      progress: () => undefined,
    };
  });
  afterAll(() => clients.close());

  async function rawKeys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: rawBucket, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => Key);
  }

  async function rawText(key: string): Promise<string> {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: rawBucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  function inputOf(name: string, file: string, content: string): ReturnType<typeof resolveInputs> {
    const path = join(folder, file);
    writeFileSync(path, content);
    return resolveInputs([`${name}=${path}`], platform.environment.datasets);
  }

  test("has the plan's streams and tables under the plan's names, and can be made again", async () => {
    await provision(clients, platform.plan.resources, ACCOUNT.region, machineSize());
    const StreamName = "basin-dev-stream-flights";
    const { StreamDescriptionSummary } = await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: "ACTIVE", RetentionPeriodHours: 168 });
    const columns = await catalogueColumns(clients.glue, "basin_dev_silver", "airports");
    expect(columns?.slice(0, 3).map(({ type }) => type)).toEqual(["string", "string", "double"]);
    expect(await catalogueColumns(clients.glue, "basin_dev_silver", "nothing")).toBeUndefined();
  });

  test("delivers every event once, byte by byte, broken ones too, newline after each", async () => {
    const lines = Array.from({ length: 3_000 }, (_, id) => `{"time_hour":"2013-01-01T10:00:00Z","flight":${id}}`);
    lines.splice(7, 0, '{"broken": ', "ø not json");
    expect(await bringIn(inputOf("flights", "events.jsonl", lines.join("\n")), intaking)).toBe(1);
    const keys = await rawKeys("flights/");
    expect(keys[0]).toMatch(
      /^flights\/arrived=\d{4}-\d\d-\d\dT\d\d\/basin-dev-archive-flights-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}$/,
    );
    const delivered = (await Promise.all(keys.map(rawText))).join("");
    expect(delivered.endsWith("\n")).toBe(true);
    expect(delivered.trimEnd().split("\n").sort()).toEqual([...lines].sort());
    expect(intaking.ledger.rowsIn("flights")).toBe(3_002);
  });

  test("takes a file as it is, and the same content only once", async () => {
    const content = "faa,name\nEWR,Newark\nLGA,La Guardia\n";
    expect(await bringIn(inputOf("airports", "airports.csv", content), intaking)).toBe(1);
    expect(await bringIn(inputOf("airports", "copy.csv", content), intaking)).toBe(0);
    const [key = ""] = await rawKeys("airports/");
    expect(key).toMatch(/^airports\/arrived=[\dT-]{13}\/[0-9a-f]{16}-airports\.csv$/);
    expect(await rawText(key)).toBe(content);
    expect(intaking.ledger.rowsIn("airports")).toBe(2);
  });

  test("puts a database's files where DMS would: the step copies them into raw", async () => {
    const { landingBucket } = intaking;
    expect(await bringIn(inputOf("planes", "LOAD00000001.parquet", "as DMS wrote it"), intaking)).toBe(1);
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: landingBucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["fleet/public/planes/LOAD00000001.parquet"]);
    expect(await rawKeys("planes/")).toEqual([]);
    expect(() => inputOf("planes", "planes.csv", "tailnum\nN1\n")).toThrow(/is not of the format of planes.*parquet/);
  });

  test("loses what a run has left half brought in, and takes it whole the next time", async () => {
    const id = intaking.ledger.begin("weather", "a hash", "weather.csv");
    intaking.ledger.willWrite(id, "weather/arrived=2026-11-24T09/half");
    await clients.s3.send(
      new PutObjectCommand({ Bucket: rawBucket, Key: "weather/arrived=2026-11-24T09/half", Body: "x" }),
    );
    await undoUnfinished(intaking);
    expect(await rawKeys("weather/")).toEqual([]);
    expect(intaking.ledger.holds("weather", "a hash")).toBe(false);
  });

  test("counts what somebody else has put into raw", async () => {
    const Key = "weather/arrived=2026-11-24T09/by-hand.csv";
    await clients.s3.send(new PutObjectCommand({ Bucket: rawBucket, Key, Body: "origin,temp\nEWR,1\nLGA,2\n" }));
    const weather = platform.environment.datasets.find(({ name }) => name === "weather");
    if (!weather) throw new Error("the demo has no weather");
    expect(await adoptStrangers(weather, intaking, state.temporary)).toBe(1);
    expect(await adoptStrangers(weather, intaking, state.temporary)).toBe(0);
    expect(intaking.ledger.rowsIn("weather")).toBe(2);
  });

  test("refuses an event that Kinesis would not take, and leaves nothing of its file", async () => {
    const before = await rawKeys("flights/");
    const content = `{"flight":1}\n{"flight":"${"x".repeat(2 ** 20)}"}\n`;
    await expect(bringIn(inputOf("flights", "large.jsonl", content), intaking)).rejects.toThrow(
      /large\.jsonl: record 2 has \d+ bytes/,
    );
    expect(await rawKeys("flights/")).toEqual(before);
    expect(readFileSync(state.ledger, "utf8")).toContain('"forget"');
  });
});
