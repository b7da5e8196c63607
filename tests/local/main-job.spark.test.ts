import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The main job as a user runs it: the command line as a process, real Spark, real Delta, a lake of its own. */
const ROOT = resolve(__dirname, "../..");
/** Set-up and five Spark sessions, also on a busy machine: a guard against hanging, no measure of speed. */
const PATIENCE = 900_000;
const folder = mkdtempSync(join(tmpdir(), "basin-main-job-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

const BASIN = ["--require", "tsx/cjs", join(ROOT, "cli/main.ts")];
const within = (lake: string) => ({ cwd: ROOT, env: { ...process.env, BASIN_LOCAL_STATE: join(folder, lake) } });

function basin(lake: string, ...args: string[]): Ended {
  const options = { ...within(lake), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...BASIN, ...args], options);
  return { status, output: stdout + stderr };
}

/** Does work with the page of `basin history`, and ends it as Ctrl-C does. */
async function withHistory(lake: string, work: (url: string) => Promise<void>): Promise<Ended> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const server = spawn(process.execPath, [...BASIN, "history", "--port", String(port)], within(lake));
  const ended = once(server, "close") as Promise<[number | null]>;
  let output = "";
  const up = new Promise<void>((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (text: Buffer) => {
        output += text.toString();
        if (output.includes("shows the runs in s3://")) resolve();
      });
    }
  });
  try {
    await Promise.race([up, ended]);
    await work(`http://127.0.0.1:${port}`);
  } finally {
    server.kill("SIGINT");
  }
  const [status] = await ended;
  return { status, output };
}

interface LocalJson {
  readonly ok: boolean;
  readonly datasets: readonly Record<string, number | string>[];
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

function runLocal(lake: string, ...args: string[]): Ended & { result: LocalJson } {
  const file = join(folder, `${lake}.json`);
  const ended = basin(lake, "local", "--json", file, ...args);
  return { ...ended, result: JSON.parse(readFileSync(file, "utf8")) as LocalJson };
}

function rowsOf(lake: string, query: string): unknown[][] {
  const file = join(folder, "rows.json");
  const { status, output } = basin(lake, "sql", query, "--json", file);
  expect(output && status, output).toBe(0);
  return (JSON.parse(readFileSync(file, "utf8")) as { rows: unknown[][] }).rows;
}

const figures = ({ result }: { result: LocalJson }, name: string): Record<string, number | string> | undefined =>
  result.datasets.find((dataset) => dataset.name === name);

describe("the demo on a year of real flights", () => {
  const counts = { rowsRejected: 0, rowsSuperseded: 0, rowsSetAside: 0 };

  test(
    "gives every flight, airport and hour of weather, and each check holds",
    () => {
      const ran = runLocal("demo");
      expect(ran.status, ran.output).toBe(0);
      expect(ran.result.checks.filter((check) => !check.ok)).toEqual([]);
      expect(figures(ran, "flights")).toMatchObject({ ...counts, rowsIn: 336_776, rowsTable: 336_776 });
      expect(figures(ran, "weather")).toMatchObject({ ...counts, rowsIn: 26_115, rowsTable: 26_115 });
      expect(figures(ran, "airports")).toMatchObject({ ...counts, rowsIn: 1_458, rowsTable: 1_458 });
      // A full load of 3,322 and 252 changes, 152 of them once more: 50 aircraft are gone, one is new.
      expect(figures(ran, "planes")).toMatchObject({ rowsIn: 3_726, rowsRejected: 0, rowsTable: 3_273 });
      expect(figures(ran, "delays_by_hour")).toMatchObject({ zone: "gold", rowsTable: 19_486 });
      expect(figures(ran, "airport_rank")).toMatchObject({ zone: "gold", ...counts, rowsTable: 107 });
      expect(rowsOf("demo", "select round(sum(rank), 6) from gold.airport_rank")).toEqual([[1]]);
      expect(rowsOf("demo", "select count(*), count(dep_delay) from silver.flights")).toEqual([[336_776, 328_521]]);
    },
    PATIENCE,
  );
});

const ORDERS = `
name: orders
description: Orders of a shop.
owner: shop
source: { kind: files, format: csv, delimiter: ";", nulls: ["", "n/a"] }
columns:
  - { name: id, type: bigint, from: "Order Id" }
  - { name: at, type: timestamp, required: true }
  - { name: amount, type: "decimal(10,2)" }
key: [id]
checks: ["amount >= 0"]
maxRejected: 0.5
freshness: 6 hours
volume: { stored: 1 GiB, daily: 10 MiB, record: 60 B }
`;
const TOTALS = `
name: totals
description: Amount a day.
owner: shop
source: { kind: derived, from: [orders] }
columns: [{ name: day, type: date }, { name: amount, type: "decimal(20,2)" }]
key: [day]
freshness: 12 hours
`;
const GOOD =
  "Order Id;at;amount\n1;2026-01-01T10:00:00Z;12.50\n2;2026-01-01T11:00:00Z;n/a\n1;2026-01-01T12:00:00Z;13\n";
const BROKEN = "x;2026-01-02T10:00:00Z;5\n4;yesterday;-5\n";

describe("anybody's datasets and files", () => {
  const datasets = join(folder, "datasets");
  const csv = join(folder, "orders.csv");
  const local = (...args: string[]): ReturnType<typeof runLocal> =>
    runLocal("own", "--datasets", datasets, "--input", `orders=${csv}`, ...args);

  beforeAll(() => {
    mkdirSync(datasets);
    writeFileSync(join(datasets, "orders.yaml"), ORDERS);
    writeFileSync(join(datasets, "totals.yaml"), TOTALS);
    writeFileSync(
      join(datasets, "totals.sql"),
      "select cast(at as date) as day, sum(amount) as amount from orders group by 1",
    );
  });

  test("too many rejects: exit 1, the reasons, and no table half written", () => {
    writeFileSync(csv, GOOD + BROKEN + BROKEN);
    const ran = local();
    expect(ran.status, ran.output).toBe(1);
    expect(ran.output).toContain("4 of the 7 records");
    expect(ran.output).toContain('id: "x" is not bigint');
    expect(ran.result.ok).toBe(false);
  });

  test(
    "rows that break the declaration stand aside with all their reasons; the latest row of a key stays",
    () => {
      writeFileSync(csv, GOOD + BROKEN);
      const ran = local("--fresh");
      expect(ran.status, ran.output).toBe(0);
      const expected = { rowsIn: 5, rowsAccepted: 3, rowsRejected: 2, rowsSuperseded: 1, rowsTable: 2 };
      expect(figures(ran, "orders")).toMatchObject(expected);
      expect(rowsOf("own", "select id, amount from silver.orders order by id")).toEqual([
        [1, "13.00"],
        [2, null],
      ]);
      expect(rowsOf("own", "select raw, reasons from silver.orders__rejected order by raw")).toEqual([
        ["4;yesterday;-5", ['at: "yesterday" is not timestamp', "check failed: amount >= 0"]],
        ["x;2026-01-02T10:00:00Z;5", ['id: "x" is not bigint']],
      ]);
    },
    PATIENCE,
  );

  test(
    "a second run adds no row and no version",
    () => {
      const before = rowsOf("own", "select count(*) from gold.totals");
      const ran = local();
      expect(ran.status, ran.output).toBe(0);
      expect(figures(ran, "orders")).toMatchObject({ rowsIn: 5, rowsTable: 2, tableVersion: 1 });
      expect(figures(ran, "totals")).toMatchObject({ tableVersion: 1 });
      expect(rowsOf("own", "select count(*) from gold.totals")).toEqual(before);
      expect(rowsOf("own", "select count(*) from silver.orders version as of 0")).toEqual([[0]]);
    },
    PATIENCE,
  );

  test("a file that is uploaded lies in raw, and what a run brought in is there already", () => {
    const more = join(folder, "more.csv");
    writeFileSync(more, GOOD.replace("12.50", "14"));
    const { status, output } = basin("own", "upload", csv, more, "orders", "--datasets", datasets);
    expect(status, output).toBe(0);
    expect(output).toMatch(/-raw\/orders\/arrived=\S+-orders\.csv .* already there /);
    expect(output).toMatch(/-raw\/orders\/arrived=\S+-more\.csv .* sent /);
  });

  test(
    "Spark's history server shows the steps of every run, from the event logs that they left",
    async () => {
      const { output } = await withHistory("own", async (url) => {
        const page = await fetch(url);
        expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("History Server")]);
        const answer = await fetch(`${url}/api/v1/applications`);
        const runs = (await answer.json()) as { name: string; attempts: { completed: boolean }[] }[];
        expect(new Set(runs.map(({ name }) => name))).toEqual(new Set(["basin-dev-orders", "basin-dev-totals"]));
        expect(runs.flatMap(({ attempts }) => attempts).every(({ completed }) => completed)).toBe(true);
      });
      expect(output).toContain("-logs/spark-events/orders/; Ctrl-C ends it");
    },
    PATIENCE,
  );

  test("a query that writes, or names what is not there, is refused in one message", () => {
    const writing = basin("own", "sql", "delete from silver.orders");
    expect(writing.status).toBe(2);
    expect(writing.output).toContain("basin: ");
    const unknown = basin("own", "sql", "select * from silver.nope");
    expect(unknown.status).toBe(2);
    expect(unknown.output).toContain("silver.orders");
    expect(unknown.output).not.toContain("at org.apache");
  });
});
