import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { measurePack, measureShare, type PackTime, type PlanShare } from "./policies-run";

/**
 * What the policy pack costs: its share of prod's plan, and how its time grows to 10,000 resources. Every run is a
 * process of its own. Run with `node --require tsx/cjs bench/policies.ts`; exit code 1 when the pack takes a quarter of
 * the plan's own time or more, or when twice the resources take more than two and a half times the processor time.
 */
const RUNS = 5;
const SIZES = [1_250, 2_500, 5_000, 10_000] as const;
const MOST_SHARE = 0.25;
const MOST_PER_STEP = 2.5;
const RESULTS = join(__dirname, "results", "policies.md");

function inItsOwnProcess(size: string): unknown {
  const args = ["--require", "tsx/cjs", __filename, size];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** The run whose value is in the middle: what else the machine does disturbs single runs. */
function median<T>(runs: readonly T[], by: (run: T) => number): T {
  const middle = runs.toSorted((a, b) => by(a) - by(b))[Math.floor(runs.length / 2)];
  if (middle === undefined) throw new Error("no runs");
  return middle;
}

const shareOf = ({ policySeconds, planSeconds }: PlanShare): number => policySeconds / planSeconds;

function main(): void {
  const share = median(
    Array.from({ length: RUNS }, () => inItsOwnProcess("share") as PlanShare),
    shareOf,
  );
  process.stderr.write(`prod: ${(shareOf(share) * 100).toFixed(0)} % of the plan\n`);
  const times = SIZES.map((size) => {
    const runs = Array.from({ length: RUNS }, () => inItsOwnProcess(String(size)) as PackTime);
    const time = median(runs, ({ seconds }) => seconds);
    process.stderr.write(`${time.resources} resources: ${time.seconds.toFixed(2)} s\n`);
    return time;
  });
  const report = render(share, times);
  writeFileSync(RESULTS, report);
  process.stdout.write(report);
  if (shareOf(share) >= MOST_SHARE || steps(times).some((step) => step > MOST_PER_STEP)) process.exitCode = 1;
}

/** How many times the processor time of the size before each size takes. */
function steps(times: readonly PackTime[]): number[] {
  return times.slice(1).map((time, index) => time.seconds / (times[index]?.seconds ?? Infinity));
}

function render(share: PlanShare, times: readonly PackTime[]): string {
  const factors = [undefined, ...steps(times)];
  const rows = times.map(({ resources, checked, seconds }, index) => {
    const factor = factors[index];
    const cells = [
      resources.toLocaleString("en"),
      checked.toLocaleString("en"),
      `${seconds.toFixed(2)} s`,
      factor === undefined ? "" : `${factor.toFixed(1)} ×`,
      `${((seconds / resources) * 1e6).toFixed(0)} µs`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  return [
    "# What the policy pack costs",
    "",
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}; processor time, the median of ${RUNS} runs, each in a`,
    "process of its own.",
    "",
    "## Share of prod's plan",
    "",
    "| resources | checks | the plan itself | the pack | share |",
    "| --- | --- | --- | --- | --- |",
    `| ${share.resources} | ${share.checked} | ${share.planSeconds.toFixed(2)} s | ${share.policySeconds.toFixed(3)} s | ${(shareOf(share) * 100).toFixed(0)} % |`,
    "",
    `From settings to cost, without the time to load the program. Allowed: less than ${MOST_SHARE * 100} %.`,
    "",
    "## Growth",
    "",
    "| resources | checks | the pack | step | a resource |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "Prod's resources, repeated side by side under other names. Allowed: twice the resources in at most",
    `${MOST_PER_STEP} times the time.`,
    "",
  ].join("\n");
}

const [size] = process.argv.slice(2);
if (size === undefined) main();
else
  void (size === "share" ? measureShare() : measurePack(Number(size))).then((run) =>
    process.stdout.write(JSON.stringify(run)),
  );
