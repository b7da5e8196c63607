import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { KINDS, runScale, type Step } from "./throughput/lake";

/**
 * Bytes per core-second of each kind of job on this machine, and whether they predict the time of five times as much.
 * Run with `node --require tsx/cjs bench/throughput.ts [--calibrate SF] [--predict SF]`: TPC-H scale factors, 1 and 5
 * when left out; `--measure SF` only measures one, which later runs of that day take up. Writes bench/results/calibration.json, which `basin capacity --calibration` reads, and throughput.md.
 */
const CALIBRATE = numberOf("--calibrate") ?? 1;
const PREDICT = numberOf("--predict") ?? 5;
/** Next to nothing: what a step takes here is its start. */
const NOTHING = 0.01;
const ONLY = numberOf("--measure");
const RESULTS = join(__dirname, "results");
const CORES = availableParallelism();
const TODAY = new Date().toISOString().slice(0, 10);
const MACHINE = `${CORES} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;

interface Rate {
  readonly start: Step;
  readonly calibrated: Step;
  /** Bytes per second of one core's processor time, the start left out. */
  readonly bytesPerCoreSecond: number;
}

async function main(): Promise<void> {
  if (ONLY !== undefined) {
    await stepsAt(ONLY);
    return;
  }
  const before = load();
  const starts = await stepsAt(NOTHING);
  const rates = (await stepsAt(CALIBRATE)).map((step) => rateOf(step, of(starts, step.dataset)));
  writeFileSync(join(RESULTS, "calibration.json"), `${JSON.stringify(calibration(rates), undefined, 2)}\n`);
  const measured = await stepsAt(PREDICT);
  const report = render(rates, measured, `${before} before, ${load()} after`);
  writeFileSync(join(RESULTS, "throughput.md"), report);
  process.stdout.write(report);
}

/** What was measured today is not measured again: the scales take long, and may be run one by one. */
async function stepsAt(scale: number): Promise<readonly Step[]> {
  const file = join(__dirname, "..", ".basin", "bench", `steps-${scale}-${TODAY}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Step[];
  const steps = await runScale(scale);
  writeFileSync(file, JSON.stringify(steps));
  return steps;
}

function rateOf(calibrated: Step, start: Step): Rate {
  const seconds = Math.max(calibrated.cpuSeconds - start.cpuSeconds, Number.EPSILON);
  return { start, calibrated, bytesPerCoreSecond: (calibrated.bytes - start.bytes) / seconds };
}

function calibration(rates: readonly Rate[]): object {
  const throughput: Record<string, Record<string, number>> = { ingest: {}, derive: {} };
  for (const { calibrated, bytesPerCoreSecond } of rates) {
    const kind = KINDS[calibrated.dataset];
    if (kind) (throughput[kind.operation] ??= {})[kind.work] = Math.round(bytesPerCoreSecond);
  }
  const source = `TPC-H SF${CALIBRATE} lineitem by the platform's own jobs on ${MACHINE}`;
  return { version: 1, date: TODAY, source, bytesPerVcpuSecond: throughput };
}

/** Core-seconds that the calibration says for so many bytes. */
function predicted({ start, bytesPerCoreSecond }: Rate, bytes: number): number {
  return start.cpuSeconds + (bytes - start.bytes) / bytesPerCoreSecond;
}

function render(rates: readonly Rate[], measured: readonly Step[], loads: string): string {
  const rows = rates.map((rate) => {
    const name = rate.calibrated.dataset;
    const after = of(measured, name);
    const expected = predicted(rate, after.bytes);
    const error = `${(100 * (expected / after.cpuSeconds - 1)).toFixed(0)} %`;
    const { operation, work } = KINDS[name] ?? { operation: "", work: "" };
    const rated = `${(rate.bytesPerCoreSecond / 1e6).toFixed(1)} MB`;
    const cells = [`${operation}, ${work}`, rated, core(expected), core(after.cpuSeconds), error];
    return `| ${[...cells, `${(expected / CORES).toFixed(0)} s`, `${after.seconds.toFixed(0)} s`].join(" | ")} |`;
  });
  return [
    "# Throughput of the jobs, and whether it predicts",
    "",
    `Measured ${TODAY} on ${MACHINE}, at loads of ${loads}; TPC-H lineitem as CSV, the platform's own steps in the`,
    `local lake. Calibrated on SF${CALIBRATE}, a start of no data taken off; predicted and measured on SF${PREDICT}. A core-second is one of`,
    "processor time, which unlike the clock does not grow with what else the machine does. The clock's prediction takes",
    `all ${CORES} cores as free; aimed at is an error of 20 % or less.`,
    "",
    "| job | a core-second | predicted | measured | error | clock, predicted | clock, measured |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function core(seconds: number): string {
  return `${seconds.toFixed(0)} core-s`;
}

function of(steps: readonly Step[], name: string): Step {
  const found = steps.find(({ dataset }) => dataset === name);
  if (!found) throw new Error(`${name} was not run`);
  return found;
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function numberOf(option: string): number | undefined {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
