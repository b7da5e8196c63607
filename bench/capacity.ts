import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { sizePlatform } from "../capacity/index";
import { simulate } from "../capacity/simulation/index";
import { decidePlatform, planPlatform } from "../cli/plan/plan";
import { exampleDataset, exampleEnvironment } from "../tests/environment";

/**
 * How long the sizing of 10,000 datasets takes, and the simulation of 1,000 weeks of prod. Run with
 * `node --require tsx/cjs bench/capacity.ts`; exit code 1 when one is above its limit of processor time.
 */
const RESULTS = join(__dirname, "results", "capacity.md");
const SIZING_SECONDS = 2;
const SIMULATION_SECONDS = 10;
const SEED = 1;

interface Measured {
  readonly what: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly limit: number;
}

function measure(what: string, limit: number, work: () => void): Measured {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { what, limit, seconds, cpuSeconds: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const { settings } = exampleEnvironment("prod");
  const datasets = Array.from({ length: 5_000 }, (_, index) => [
    exampleDataset(`in${index}`),
    exampleDataset(`out${index}`, { source: { kind: "derived", from: [`in${index}`] }, volume: undefined }),
  ]).flat();
  const sizing = measure("10,000 datasets sized", SIZING_SECONDS, () => sizePlatform(settings, datasets));

  const prod = { stack: "prod" };
  const environment = decidePlatform(prod);
  const { cost } = await planPlatform(prod);
  const weeks = measure("1,000 weeks of prod simulated, with sensitivity", SIMULATION_SECONDS, () => {
    simulate(environment, cost, 1_000, SEED);
  });

  const measured = [sizing, weeks];
  const report = render(measured);
  writeFileSync(RESULTS, report);
  process.stdout.write(report);
  if (measured.some(({ cpuSeconds, limit }) => cpuSeconds > limit)) process.exitCode = 1;
}

function render(measured: readonly Measured[]): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const load = loadavg()[0]?.toFixed(1) ?? "unknown";
  return [
    "# Sizing and simulation",
    "",
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}, at a load of ${load}; seed ${SEED}.`,
    "",
    "| what | time | processor time | limit |",
    "| --- | --- | --- | --- |",
    ...measured.map(
      ({ what, seconds, cpuSeconds, limit }) =>
        `| ${what} | ${seconds.toFixed(1)} s | ${cpuSeconds.toFixed(1)} s | ${limit} s |`,
    ),
    "",
  ].join("\n");
}

void main();
