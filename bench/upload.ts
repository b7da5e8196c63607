import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { writeNoise } from "../cli/upload/testing/random";
import { ENDPOINT, load, measure, startServer, type Measured, type RunningServer } from "./upload/measure";
import { server, tools, type Tool } from "./upload/tools";
import { writeResults } from "./write-results";

/**
 * How fast `basin upload` is beside `aws s3 cp` and `rclone copy`, against one compiled S3 server on this machine. Run
 * with `node --require tsx/cjs bench/upload.ts`; exit code 1 when it has less than 0.9 of the better one's throughput.
 * `--rounds N` and `--shrink N` (files N times smaller or fewer) make it shorter, and then no results are written.
 * Needs Go, Python, GNU time, and rclone on the PATH.
 */
const MUST = 0.9;
const ROUNDS = numberOf("--rounds") ?? 3;
const SHRINK = numberOf("--shrink") ?? 1;
const RESULTS = join(__dirname, "results", "upload.md");
const KIB = 1024;
const MIB = 1024 ** 2;

interface Scenario {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

const SCENARIOS: readonly Scenario[] = [
  { name: "1 × 4 GiB", files: 1, bytes: (4096 * MIB) / SHRINK },
  { name: "64 × 64 MiB", files: Math.ceil(64 / SHRINK), bytes: 64 * MIB },
  { name: "10,000 × 64 KiB", files: Math.ceil(10_000 / SHRINK), bytes: 64 * KIB },
];

interface Row extends Scenario {
  readonly tool: Tool;
  /** Of each round. */
  readonly runs: readonly Measured[];
}

async function main(): Promise<void> {
  const { binary, version } = server();
  const all = tools(ENDPOINT);
  const running = await startServer({ binary, version });
  const began = load();
  try {
    const rows = SCENARIOS.flatMap((scenario) => compare(scenario, all, running));
    const report = render(rows, version, began);
    if (SHRINK === 1) await writeResults(RESULTS, report);
    process.stdout.write(report);
    if (SCENARIOS.some((scenario) => ratio(scenario, rows) < MUST)) process.exitCode = 1;
  } finally {
    await running.stop();
  }
}

/** Round after round, so that what else the machine does falls on all alike. */
function compare(scenario: Scenario, all: readonly Tool[], running: RunningServer): Row[] {
  const folder = mkdtempSync(join(tmpdir(), "basin-bench-"));
  try {
    const source = join(folder, "data");
    write(scenario, source);
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const order = all.map((__, index) => all[(index + round) % all.length] as Tool);
      return order.map((tool) => {
        const measured = measure(tool, source, scenario.files * scenario.bytes, running);
        process.stderr.write(`${scenario.name} ${tool.name}: ${measured.seconds} s, ${measured.cpuSeconds} CPU-s\n`);
        return { tool, measured };
      });
    });
    return all.map((tool) => ({
      ...scenario,
      tool,
      runs: rounds.flatMap((round) => round.filter((each) => each.tool === tool).map(({ measured }) => measured)),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write({ files, bytes }: Scenario, source: string): void {
  if (files === 1) {
    writeNoise(source, bytes, 0);
    return;
  }
  mkdirSync(source);
  for (let file = 0; file < files; file += 1) writeNoise(join(source, `${file}.bin`), bytes, file);
}

/** Basin's throughput as a share of the better peer's, each in its best round. */
function ratio({ name }: Scenario, rows: readonly Row[]): number {
  const [own = 0, ...peers] = rows.filter((row) => row.name === name).map(({ runs }) => best(runs).seconds);
  return Math.min(...peers) / own;
}

function best(runs: readonly Measured[]): Measured {
  return runs.reduce((least, run) => (run.seconds < least.seconds ? run : least));
}

function render(rows: readonly Row[], serverVersion: string, loadBefore: string): string {
  const lines = rows.map((row) => {
    const { seconds, cpuSeconds, peakBytes } = best(row.runs);
    const own = row.tool.name === "basin upload";
    const rate = `${Math.round((row.files * row.bytes) / MIB / seconds)} MiB/s`;
    const all = row.runs.map((run) => run.seconds.toFixed(1)).join(", ");
    const share = own ? `**${ratio(row, rows).toFixed(2)} ×**` : "";
    const cells = [row.name, row.tool.name, rate, share, `${all} s`, `${cpuSeconds.toFixed(1)} s`];
    return `| ${[...cells, `${Math.round(peakBytes / MIB)} MiB`].join(" | ")} |`;
  });
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const versions = [serverVersion, ...new Set(rows.map(({ tool }) => tool.version))].join(", ");
  return [
    "# Uploads beside aws s3 cp and rclone copy",
    "",
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}, at a load of ${loadBefore} before it began; ${versions}.`,
    "One S3 server on the same machine, its files in memory; every tool as it comes, each run a process of its own with",
    "its start-up; in turn, and the best of each tool's runs counts. The share is of the better peer's throughput.",
    "",
    "| what | tool | throughput | share | all runs | processor time | peak memory |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
    "",
    `At least ${MUST} of the better peer's throughput is demanded; \`bench/upload.ts\` ends with code 1 below it.`,
    "",
  ].join("\n");
}

function numberOf(option: string): number | undefined {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}

void main();
