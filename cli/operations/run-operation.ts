import { join } from "node:path";
import { OPERATIONS, type OperationName } from "../../components/pipelines/operations/catalogue";
import { CheckFailed, InputError } from "../../declarations/faults";
import { localise } from "../local/differences";
import type { Lake } from "../local/lake-file";
import { machineSize } from "../local/machine-size";
import { lastLines, submit } from "../local/run-step";
import { parseSparkSubmit } from "../local/spark-submit";
import { withLocalLake } from "../local/with-local-lake";

/** An operation of the jobs' program, as a step on EMR would name it. */
export interface Operation {
  readonly name: OperationName;
  readonly args: readonly string[];
}

/**
 * Runs an operation on the kept local lake by the program, artifacts and settings of the plan's own steps, with the local
 * AWS up for as long as that takes.
 *
 * @returns the lines that the job printed.
 * @throws InputError when there is no lake or the job refused; CheckFailed when what it checked does not hold.
 */
export async function runOnLocalLake(operation: Operation, onLine: (line: string) => void): Promise<string[]> {
  return await withLocalLake(async ({ lake, toolchain, state, aws, cleanup }) => {
    const spark = { aws, machine: machineSize(), jars: toolchain.jars, temporary: state.temporary };
    const asked = { ...operation, args: [...operation.args, ...placesArgs(operation, lake)] };
    const args = localise(operationArgs(lake.step, asked), lake.clusterDefaults, spark);
    const log = join(state.logs, `${operation.name}.log`);
    const { code, own } = await submit(args, { toolchain, spark, log, cleanup, onLine });
    if (code !== 0) throw failure(operation, code, own, log);
    return own;
  });
}

/** A step's command with another operation: same program, same artifacts, same settings. */
export function operationArgs(step: readonly string[], { name, args }: Operation): string[] {
  const { application, applicationArgs } = parseSparkSubmit(step);
  const zones = OPERATIONS[name].readsRaw ? ["--raw", "--lake"] : ["--lake"];
  const roots = zones.flatMap((zone) => {
    const root = applicationArgs[applicationArgs.indexOf(zone) + 1];
    if (!applicationArgs.includes(zone) || root === undefined) throw new Error(`the plan's step has no ${zone}`);
    return [zone, root];
  });
  return [...step.slice(0, step.indexOf(application) + 1), name, ...roots, ...args];
}

/** Where exported copies are shown, and what databases wrote; a lake that an older version has made knows neither. */
function placesArgs({ name }: Operation, { databases, landing }: Lake): string[] {
  if (name !== "erase") return [];
  return [
    ...(databases ? ["--silver-database", databases.silver, "--gold-database", databases.gold] : []),
    ...(landing ? ["--landing", landing] : []),
  ];
}

function failure({ name }: Operation, code: number, own: readonly string[], log: string): Error {
  const said = own.filter((line) => line.startsWith("basin: ")).map((line) => line.slice("basin: ".length));
  const message = said.join("\n") || `ended with code ${code}; the end of ${log}:\n${lastLines(log)}`;
  return code === 1 ? new CheckFailed(message) : new InputError([{ where: name, message }]);
}
