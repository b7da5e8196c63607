import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../../tests/environment";
import type { Environment } from "../../environment";
import { alarmsOf } from "../alarms/all";
import { compositesOf } from "../alarms/composite";
import { JOBS } from "../metrics/jobs";
import type { MetricDefinition } from "../metrics/metric";
import { SERVICE_METRICS } from "../metrics/services";
import { dashboardsOf } from "./all";
import { shownBy, type Dashboard } from "./dashboard";
import { vcpuSecondPrice } from "./price";
import { dashboardBody, searchExpression } from "./render";

/** Source: CloudWatch quotas. */
const MOST_WIDGETS = 500;
const MOST_METRICS_A_WIDGET = 500;
const MOST_METRICS = 2_500;
/** Dashboards that also show what belongs to no choice. */
const WITH_ALL = ["streams", "migrations"];

const replicated = { source: { kind: "database", connection: "fleet", table: "public.planes" }, key: ["id"] };
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:fleet-AbCdEf";
const fleet = { engine: "postgres", host: "db", port: 5432, database: "fleet", cidr: "10.20.0.0/16", secretArn };

function sized(count: number): Environment {
  const datasets = Array.from({ length: count }, (_, index) => {
    if (index % 2 === 0) return exampleStream(`events_${index}`);
    return exampleDataset(`places_${index}`, index % 4 === 1 ? replicated : {});
  });
  const unsized = exampleEnvironment("prod", { datasets, settings: { connections: { fleet } } });
  return { ...unsized, capacity: sizePlatform(unsized.settings, datasets) };
}

function dashboards(environment: Environment): Dashboard[] {
  const alarms = alarmsOf(environment, []);
  return dashboardsOf(environment, alarms, compositesOf(environment, alarms));
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly type: string;
  readonly properties: Record<string, unknown>;
}

const placed = (dashboard: Dashboard) => dashboardBody(dashboard, "us-east-1")["widgets"] as readonly Placed[];

describe("dashboards", () => {
  const small = dashboards(sized(4));

  it("are as many for a thousand datasets as for four, within CloudWatch's limits", () => {
    const large = dashboards(sized(1_000));
    expect(large.map(({ role }) => role)).toEqual(small.map(({ role }) => role));
    for (const dashboard of large) {
      const metrics = dashboard.widgets.map((widget) => shownBy(widget).length);
      expect(dashboard.widgets.length).toBeLessThanOrEqual(MOST_WIDGETS);
      expect(Math.max(...metrics)).toBeLessThanOrEqual(MOST_METRICS_A_WIDGET);
      expect(metrics.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(MOST_METRICS);
    }
  });

  it("show only metrics that somebody publishes", () => {
    const known = new Set<MetricDefinition>([...SERVICE_METRICS, ...Object.values(JOBS)]);
    for (const { widgets } of small) for (const each of widgets.flatMap(shownBy)) expect(known).toContain(each);
  });

  it("choose by a dimension that the metric of the choice has", () => {
    for (const { choice } of small) if (choice) expect(choice.definition.dimensions).toContain(choice.populateFrom);
  });

  it("put the chosen value into every widget but text", () => {
    for (const dashboard of small.filter(({ choice, role }) => choice && !WITH_ALL.includes(role))) {
      for (const widget of placed(dashboard)) expect(JSON.stringify(widget)).toContain(dashboard.choice?.placeholder);
    }
  });

  it("lay widgets side by side, none over another and none over the edge", () => {
    for (const dashboard of small) {
      const cells = new Set<string>();
      for (const { x, y, width, height } of placed(dashboard)) {
        expect(x + width).toBeLessThanOrEqual(24);
        for (let column = x; column < x + width; column++) {
          for (let row = y; row < y + height; row++) {
            expect(cells).not.toContain(`${column}/${row}`);
            cells.add(`${column}/${row}`);
          }
        }
      }
    }
  });

  it("show what Ganglia showed: processor, memory, disk and network of every node", () => {
    const clusters = small.find(({ role }) => role === "clusters");
    const names = clusters?.widgets.flatMap(shownBy).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["cpu_usage_idle", "mem_used_percent", "disk_used_percent"]));
    expect(names).toEqual(expect.arrayContaining(["net_bytes_recv", "net_bytes_sent"]));
  });

  it("show of every replication how late and how fast it is, and its instance", () => {
    const migrations = small.find(({ role }) => role === "migrations");
    const names = migrations?.widgets.flatMap(shownBy).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["CDCLatencySource", "CDCLatencyTarget", "CPUUtilization"]));
    const [first] = migrations?.widgets ?? [];
    expect(first?.kind === "search" && searchExpression(first)).toBe(
      `SEARCH('{AWS/DMS,ReplicationInstanceIdentifier,ReplicationTaskIdentifier} MetricName="CDCLatencySource" ` +
        `ReplicationTaskIdentifier="ANY_TASK"', 'Maximum', 300)`,
    );
  });

  it("have no page for streams and replications where there are none", () => {
    const without = dashboards(exampleEnvironment("prod", { datasets: [exampleDataset("places")] }));
    expect(without.map(({ role }) => role)).toEqual(["platform", "datasets", "clusters"]);
  });

  it("name every alarm that publishes, a hundred a widget", () => {
    const environment = sized(250);
    const platform = dashboards(environment).find(({ role }) => role === "platform");
    const widgets = platform?.widgets.filter((widget) => widget.kind === "alarms") ?? [];
    const counts = widgets.map(({ arns }) => arns.length);
    expect(Math.max(...counts)).toBe(100);
    expect(new Set(widgets.flatMap(({ arns }) => arns)).size).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(widgets.flatMap(({ arns }) => arns).filter((arn) => arn.includes("page-dataset-"))).toHaveLength(250);
  });
});

describe("a search", () => {
  it("asks for one metric under its dimensions, and keeps the worst", () => {
    const where = { Stack: "basin-prod" };
    const search = { kind: "search", title: "", definition: JOBS.CommitAge, statistic: "Maximum", where } as const;
    const expression = `SEARCH('{Basin,Stack,Dataset} MetricName="CommitAge" Stack="basin-prod"', 'Maximum', 300)`;
    expect(searchExpression(search)).toBe(expression);
    expect(searchExpression({ ...search, top: 20 })).toBe(`SORT(${expression}, MAX, DESC, 20)`);
  });
});

describe("the price of a vCPU's second", () => {
  it("is the mean of the families, less Spot's discount, with EMR's surcharge", () => {
    const { settings } = exampleEnvironment("prod", {
      settings: { spark: { families: ["m6g", "r6g"], spotShare: 0.5, spotDiscount: 0.6 } },
    });
    // ((.154 + .2016) / 2) × (1 − 0.5 × 0.6 + 0.25) ÷ 4 ÷ 3,600 = .1778 × .95 ÷ 14,400
    expect(vcpuSecondPrice({ settings })).toBe(0.0000117);
  });
});
