import { createWriteStream, readFileSync } from "node:fs";
import { finished } from "node:stream/promises";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import type { Step } from "../../components/pipelines/step";
import type { Cleanup } from "./cleanup";
import { localise, type LocalSpark } from "./differences";
import { startGroup } from "./process-group";
import { findReport, REPORT_MARK, type Report } from "./report";
import type { Toolchain } from "./toolchain";

/** How a step ended. */
export interface StepResult {
  readonly step: Step;
  readonly code: number;
  readonly seconds: number;
  readonly report: Report | undefined;
  /** Whether the job itself said why it failed. */
  readonly said: boolean;
  /** Full output. */
  readonly log: string;
}

export interface StepRunner {
  readonly toolchain: Toolchain;
  readonly spark: LocalSpark;
  /** The cluster's spark-defaults classification, as the plan has it. */
  readonly clusterDefaults: Readonly<Record<string, string>>;
  readonly logs: string;
  readonly cleanup: Cleanup;
  /** Told each line that the job itself says. */
  readonly onLine: (step: Step, line: string) => void;
}

/** What a job says to a person on standard error, among Spark's own log lines. */
const OWN_LINE = /^basin: /;

/** Runs one step of the plan by spark-submit, with the differences of this machine. */
export async function runStep(step: Step, runner: StepRunner): Promise<StepResult> {
  const { toolchain, spark, clusterDefaults, logs, cleanup, onLine } = runner;
  const started = performance.now();
  const log = join(logs, `${step.dataset}.log`);
  const args = localise(step.args, clusterDefaults, spark);
  const { code, own } = await submit(args, { toolchain, spark, log, cleanup, onLine: (line) => onLine(step, line) });
  const seconds = (performance.now() - started) / 1000;
  return { step, code, seconds, report: findReport(own), said: own.some((line) => OWN_LINE.test(line)), log };
}

export interface Submission {
  readonly toolchain: Toolchain;
  readonly spark: LocalSpark;
  readonly log: string;
  readonly cleanup: Cleanup;
  readonly onLine: (line: string) => void;
}

/** Runs spark-submit to its end. Everything it prints goes into the log; what the job itself says is handed back too. */
export async function submit(
  args: readonly string[],
  { toolchain, spark, log, cleanup, onLine }: Submission,
): Promise<{ code: number; own: string[] }> {
  const group = await startGroup(join(toolchain.sparkHome, "bin", "spark-submit"), args, {
    cwd: spark.temporary,
    env: sparkEnvironment(toolchain),
    stdio: ["ignore", "pipe", "pipe"],
  });
  cleanup.add(group.stop);
  const file = createWriteStream(log);
  const { stdout, stderr } = group.child;
  if (!stdout || !stderr) throw new Error("spark-submit was started without pipes");
  const own: string[] = [];
  const follow = async (stream: NodeJS.ReadableStream, isOwn: (line: string) => boolean): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      if (!file.write(`${line}\n`)) await once(file, "drain");
      if (!isOwn(line)) continue;
      own.push(line);
      if (!line.startsWith(REPORT_MARK)) onLine(line);
    }
  };
  const [code] = await Promise.all([
    group.ended,
    follow(stdout, () => true),
    follow(stderr, (line) => OWN_LINE.test(line)),
  ]);
  file.end();
  await finished(file);
  return { code, own };
}

/** Nothing of the caller's own Spark, Hadoop or AWS settings reaches the step. */
export function sparkEnvironment({ java, sparkHome, python }: Toolchain): NodeJS.ProcessEnv {
  return {
    PATH: [join(java.home, "bin"), dirname(python), process.env.PATH ?? ""].join(delimiter),
    HOME: process.env.HOME,
    LANG: "C.UTF-8",
    TZ: "UTC",
    JAVA_HOME: java.home,
    SPARK_HOME: sparkHome,
    SPARK_LOCAL_IP: "127.0.0.1",
    PYSPARK_PYTHON: python,
    PYSPARK_DRIVER_PYTHON: python,
  };
}

/** The end of a log, for a step that ended without a word of its own. */
export function lastLines(log: string, count = 15): string {
  return readFileSync(log, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
