import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../declarations/dataset";
import { exampleDataset, exampleEnvironment } from "../tests/environment";
import { migrationSizes, type MigrationSize } from "./migrations";

const CONNECTION = {
  engine: "postgres",
  host: "orders.example.com",
  port: 5432,
  database: "orders",
  cidr: "10.90.0.0/24",
  secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders",
};

function table(name: string, volume: Record<string, unknown>, mode = "full-and-changes"): Dataset {
  const source = { kind: "database", connection: "orders", table: `public.${name}`, mode };
  return exampleDataset(name, { source, key: ["id"], volume: { record: "100 B", ...volume } });
}

function sizes(datasets: Dataset[], capacity = "instance"): MigrationSize[] {
  const settings = { connections: { orders: { ...CONNECTION, capacity } } };
  return migrationSizes(exampleEnvironment("prod", { datasets, settings }));
}

describe("a table of a source database", () => {
  it("has the window that its first load takes", () => {
    const [size] = sizes([table("lines", { stored: "1440 GB", daily: "1 GB" })]);
    // 1.44e12 B ÷ 20e6 B/s = 72,000 s, by the one subtask that a table has.
    expect(size).toMatchObject({ dataset: "lines", subtasks: 1, firstLoadSeconds: 72_000, capacityUnits: null });
    expect(size?.reason).toContain("takes 20 hours");
  });

  it("has none where only its changes are copied", () => {
    const [size] = sizes([table("lines", { stored: "1 TB", daily: "1 GB" }, "changes")]);
    expect(size).toMatchObject({ firstLoadSeconds: 0 });
    expect(size?.reason).toContain("no first load");
  });

  it("shares its source's instance, which grows with all of them", () => {
    const one = (name: string): Dataset => table(name, { stored: "1 GB", daily: "1 GB", peak: 10_000 });
    const [alone] = sizes([one("lines")]);
    const both = sizes([one("lines"), one("orders")]);
    // 10,000 changes a second ÷ 2,500 a vCPU are 4 vCPUs, 20,000 are 8.
    expect(alone?.instanceClass).toBe("dms.r6i.xlarge");
    expect(both.map(({ instanceClass }) => instanceClass)).toEqual(["dms.r6i.2xlarge", "dms.r6i.2xlarge"]);
  });

  it("has capacity of its own where the connection is serverless", () => {
    expect(sizes([table("lines", { stored: "1 GB", daily: "1 GB", peak: 10_000 })], "serverless")).toMatchObject([
      { instanceClass: null, capacityUnits: { min: 4, max: 16 } },
    ]);
  });

  it("never loads faster when there is more of it, over ten orders of magnitude", () => {
    const power = fc.double({ min: 6, max: 16, noNaN: true });
    const window = (exponent: number): number =>
      sizes([table("lines", { stored: `${Math.round(10 ** exponent)} B`, daily: "1 GB" })])[0]?.firstLoadSeconds ?? NaN;
    fc.assert(
      fc.property(power, power, (a, b) => {
        expect(window(Math.max(a, b))).toBeGreaterThanOrEqual(window(Math.min(a, b)));
      }),
      { numRuns: 100 },
    );
  });
});
