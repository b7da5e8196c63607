import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { planManyDatasets, type Scale } from "./scale-plan";

/**
 * How long a plan takes, and how much memory, for 1 to 1,000 datasets. Each size runs in a process of its own, so that
 * none profits from the one before. Run with `node --require tsx/cjs bench/scale.ts`; exit code 1 when a step of ten
 * times as many datasets takes more than twelve times the processor time.
 */
const SIZES = [1, 10, 100, 1_000] as const;
const MOST_PER_STEP = 12;
const RESULTS = join(__dirname, "results", "scale.md");

function inItsOwnProcess(datasets: number): Scale {
  const args = ["--require", "tsx/cjs", __filename, String(datasets)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 24 })) as Scale;
}

function main(): void {
  const measured = SIZES.map((datasets) => {
    const scale = inItsOwnProcess(datasets);
    process.stderr.write(`${datasets} datasets: ${scale.seconds.toFixed(1)} s\n`);
    return scale;
  });
  const report = render(measured);
  writeFileSync(RESULTS, report);
  process.stdout.write(report);
  if (steps(measured).some((step) => step > MOST_PER_STEP)) process.exitCode = 1;
}

/** How many times the processor time of the size before each size takes. */
function steps(measured: readonly Scale[]): number[] {
  return measured.slice(1).map((scale, index) => scale.cpuSeconds / (measured[index]?.cpuSeconds ?? Infinity));
}

function render(measured: readonly Scale[]): string {
  const factors = [undefined, ...steps(measured)];
  const rows = measured.map(
    ({ datasets, seconds, cpuSeconds, peakBytes, resources, roles, policies, groups }, index) => {
      const factor = factors[index];
      const cells = [
        datasets.toLocaleString("en"),
        `${seconds.toFixed(1)} s`,
        `${cpuSeconds.toFixed(1)} s`,
        factor === undefined ? "" : `${factor.toFixed(1)} ×`,
        `${Math.round(peakBytes / 2 ** 20)} MiB`,
        resources.toLocaleString("en"),
        String(groups),
        String(roles),
        String(policies),
      ];
      return `| ${cells.join(" | ")} |`;
    },
  );
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  return [
    "# Plan time by number of datasets",
    "",
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}; the whole program of a prod stack, from settings to`,
    "policies and cost, each size in a process of its own. Ten datasets belong to an owner: two streams, five of files,",
    "and three derived from those, in three groups that run apart.",
    "",
    "| datasets | time | processor time | step | peak memory | resources | groups | roles | managed policies |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `A step of ten times as many datasets may take at most ${MOST_PER_STEP} times the processor time, which unlike the clock`,
    "does not grow with what else the machine does.",
    "",
  ].join("\n");
}

const [size] = process.argv.slice(2);
if (size === undefined) main();
else void planManyDatasets(Number(size)).then((scale) => process.stdout.write(JSON.stringify(scale)));
