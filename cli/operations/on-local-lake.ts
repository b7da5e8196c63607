import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { OperationName } from "../../components/pipelines/operations/catalogue";
import { InputError } from "../../declarations/faults";
import { findReport } from "../local/report";
import { processTerminal } from "../terminal";
import type { LocalOperation } from "./operation-command";
import { ERASURE_MARK, erasureLines, erasureReports } from "./erasure-report";
import type { Asked } from "./request";
import { runOnLocalLake, type Operation } from "./run-operation";
import { upkeepLine, UPKEEP_MARK, upkeepReports } from "./upkeep-report";

/** What commands do on the lake that `basin local` has filled. */
export const ON_LOCAL_LAKE: Readonly<Record<OperationName, LocalOperation>> = {
  replay,
  restore,
  maintain,
  reconcile,
  erase,
};

/** What a comparison prints for programs. */
const RECONCILIATION_MARK = "BASIN_RECONCILIATION ";

async function replay([dataset = ""]: readonly string[], { from }: Asked): Promise<void> {
  const since = from === undefined ? [] : [`--from=${String(from)}`];
  const report = findReport(await run({ name: "replay", args: ["--dataset", dataset, ...since] }));
  if (!report) return;
  const { zone, rowsTable, tableVersion, run: read } = report;
  processTerminal().say(
    `${zone}.${dataset} is rebuilt from ${read.rowsIn} rows of raw: ${rowsTable} rows, version ${tableVersion}`,
  );
}

async function reconcile([dataset = ""]: readonly string[], asked: Asked): Promise<void> {
  const extract = resolve(String(asked["extract"]));
  if (!existsSync(extract))
    throw new InputError([
      { where: "--extract", message: "is not there", found: extract, allowed: "a file or folder" },
    ]);
  await run({ name: "reconcile", args: ["--dataset", dataset, `--extract=file:${extract}`] });
  processTerminal().say(`silver.${dataset} and ${extract} agree`);
}

async function restore(datasets: readonly string[], asked: Readonly<Record<string, unknown>>): Promise<void> {
  const [dataset = ""] = datasets;
  const version = String(asked["version"]);
  if (!/^\d+$/.test(version))
    throw new InputError([
      { where: "--version", message: "is not a version", found: version, allowed: "a whole number" },
    ]);
  const report = findReport(await run({ name: "restore", args: ["--dataset", dataset, "--version", version] }));
  if (!report) return;
  const { zone, rowsTable, tableVersion } = report;
  processTerminal().say(
    `${zone}.${dataset} is as it was at version ${version}: ${rowsTable} rows, version ${tableVersion}`,
  );
}

async function maintain(datasets: readonly string[]): Promise<void> {
  const lines = await run({ name: "maintain", args: datasets.flatMap((dataset) => ["--dataset", dataset]) });
  upkeepReports(lines).forEach((upkeep) => processTerminal().say(upkeepLine(upkeep)));
}

async function erase(_: readonly string[], asked: Readonly<Record<string, unknown>>): Promise<void> {
  const flags = ["dry-run", "through-pins"].filter((flag) => asked[flag] === true).map((flag) => `--${flag}`);
  const lines = await run({ name: "erase", args: [`--subject=${String(asked["subject"])}`, ...flags] });
  erasureReports(lines)
    .flatMap(erasureLines)
    .forEach((line) => processTerminal().say(line));
}

async function run(operation: Operation): Promise<string[]> {
  const terminal = processTerminal();
  terminal.progress(`running ${operation.name}`);
  // What the job itself complains of becomes the command's own message.
  const show = (line: string): void => {
    if (![UPKEEP_MARK, ERASURE_MARK, RECONCILIATION_MARK, "basin: "].some((mark) => line.startsWith(mark)))
      terminal.say(line);
  };
  return await runOnLocalLake(operation, show).finally(() => terminal.endProgress());
}
