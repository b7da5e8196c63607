import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { runMainJob } from "../../cli/local/main-job";
import type { Terminal } from "../../cli/terminal";
import type { Operation } from "../../capacity/throughput";
import type { Work } from "../../capacity/volume";

const REPOSITORY = join(__dirname, "..", "..");
const FOLDER = join(REPOSITORY, ".basin", "bench");
const TPCHGEN = "4.0.0";

/** The bench's datasets, one for each kind of job. */
export const KINDS: Readonly<Record<string, { readonly operation: Operation; readonly work: Work }>> = {
  lines: { operation: "ingest", work: "scan" },
  keyed_lines: { operation: "ingest", work: "shuffle" },
  pricing: { operation: "derive", work: "scan" },
  late_orders: { operation: "derive", work: "shuffle" },
  supplier_ranks: { operation: "derive", work: "iterate" },
};

/** One step on one scale. */
export interface Step {
  readonly dataset: string;
  /** Raw ones of what comes in; the table's that is read, of what is derived. */
  readonly bytes: number;
  readonly seconds: number;
  /** Processor time of Spark and its Python, without the emulator's. */
  readonly cpuSeconds: number;
}

/** Runs every kind of job on TPC-H's lineitem of a scale factor, in a lake of its own, by the plan's own steps. */
export async function runScale(scale: number): Promise<Step[]> {
  const file = lineitem(scale);
  process.env["BASIN_LOCAL_STATE"] = join(FOLDER, "lake");
  const used = new Map<string, number>();
  const watch = new Stopwatch(used);
  const input = [`lines=${file}`, `keyed_lines=${file}`];
  const options = { datasets: join(__dirname, "datasets"), input, fresh: true };
  const result = await runMainJob(options, watch);
  if (!result.ok) throw new Error(`the jobs at scale factor ${scale} did not hold`);
  const columnar = result.datasets.find(({ name }) => name === "lines")?.bytes ?? 0;
  return result.datasets.map(({ name, seconds }) => ({
    dataset: name,
    bytes: KINDS[name]?.operation === "ingest" ? statSync(file).size : columnar,
    seconds,
    cpuSeconds: used.get(name) ?? 0,
  }));
}

/** Reads this process's account of its ended children whenever the next step begins. */
class Stopwatch implements Terminal {
  private running: string | undefined;
  private before = 0;

  constructor(private readonly used: Map<string, number>) {}

  progress(text: string): void {
    process.stderr.write(`${text}\n`);
    this.stop();
    const [, dataset] = /^running (\S+)$/.exec(text) ?? [];
    this.running = dataset;
    this.before = childSeconds();
  }
  say(text: string): void {
    this.stop();
    process.stderr.write(`${text}\n`);
  }
  complain(text: string): void {
    process.stderr.write(`${text}\n`);
  }
  endProgress(): void {
    this.stop();
  }
  private stop(): void {
    if (this.running !== undefined) this.used.set(this.running, childSeconds() - this.before);
  }
}

/** User and system time of all children that have ended, theirs included. Source: proc(5), fields 16 and 17 of stat. */
function childSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}

/** TPC-H's lineitem as CSV, made once a scale factor. */
function lineitem(scale: number): string {
  const folder = join(FOLDER, `tpch-${scale}`);
  const file = join(folder, "lineitem.csv");
  if (existsSync(file)) return file;
  const environment = join(FOLDER, "tpchgen");
  if (!existsSync(join(environment, "bin", "tpchgen-cli"))) {
    execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
    execFileSync(join(environment, "bin", "pip"), ["-q", "install", `tpchgen-cli==${TPCHGEN}`], { stdio: "inherit" });
  }
  const part = `${folder}.part`;
  mkdirSync(part, { recursive: true });
  const args = ["csv", "-s", String(scale), "--tables", "lineitem", "--output-dir", part];
  execFileSync(join(environment, "bin", "tpchgen-cli"), args, { stdio: "inherit" });
  renameSync(part, folder);
  return file;
}
