import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CheckFailed, InputError } from "../../declarations/faults";
import { localise } from "../local/differences";
import { machineSize } from "../local/machine-size";
import { lastLines, submit } from "../local/run-step";
import { parseSparkSubmit } from "../local/spark-submit";
import type { OpenLake } from "../local/with-local-lake";

const sqlResult = z.object({
  version: z.literal(1),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
});

/** sql.json: a contract; what is not additive raises `version`. */
export type SqlResult = z.output<typeof sqlResult>;

/**
 * Runs one query over the local lake by the jobs' `sql` operation, with the settings and artifacts of the plan's steps.
 *
 * @throws InputError with the job's own words when the query is wrong.
 */
export async function runQuery(query: string, { toolchain, state, aws, cleanup, lake }: OpenLake): Promise<SqlResult> {
  const spark = { aws, machine: machineSize(), jars: toolchain.jars, temporary: state.temporary };
  const folder = mkdtempSync(join(state.temporary, "sql-"));
  const out = join(folder, "result.json");
  const log = join(state.logs, "sql.log");
  try {
    const args = localise(queryArgs(lake.step, query, out), lake.clusterDefaults, spark);
    const { code, own } = await submit(args, { toolchain, spark, log, cleanup, onLine: () => undefined });
    if (code !== 0) throw failure(code, own, log);
    return sqlResult.parse(JSON.parse(readFileSync(out, "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The step's command with another operation: same program, same artifacts, same settings. */
export function queryArgs(step: readonly string[], query: string, out: string): string[] {
  const { application, applicationArgs } = parseSparkSubmit(step);
  const lake = applicationArgs[applicationArgs.indexOf("--lake") + 1];
  if (lake === undefined) throw new Error("the plan's step names no lake");
  const upTo = step.slice(0, step.indexOf(application) + 1);
  return [...upTo, "sql", "--lake", lake, "--query", query, "--out", out];
}

function failure(code: number, own: readonly string[], log: string): Error {
  const said = own.filter((line) => line.startsWith("basin: ")).map((line) => line.slice("basin: ".length));
  const message = said.join("\n") || `the query ended with code ${code}; the end of ${log}:\n${lastLines(log)}`;
  return code === 1 ? new CheckFailed(message) : new InputError([{ where: "query", message }]);
}
