import { Command, InvalidArgumentError } from "commander";
import { findReport } from "../local/report";
import { processTerminal } from "../terminal";
import { runOnLocalLake, type Operation } from "./run-operation";
import { upkeepLine, UPKEEP_MARK, upkeepReports } from "./upkeep-report";

export function restoreCommand(): Command {
  return new Command("restore")
    .description("Make an earlier version of a table its newest one, in the lake that `basin local` has filled.")
    .argument("<dataset>", "whose table")
    .requiredOption("--version <n>", "the version to go back to", version)
    .action(async (dataset: string, options: { version: number }) => {
      const terminal = processTerminal();
      const args = ["--dataset", dataset, "--version", String(options.version)];
      const report = findReport(await run({ name: "restore", args }));
      if (report) {
        const { zone, rowsTable, tableVersion } = report;
        terminal.say(
          `${zone}.${dataset} is as it was at version ${options.version}: ${rowsTable} rows, version ${tableVersion}`,
        );
      }
    });
}

export function maintainCommand(): Command {
  return new Command("maintain")
    .description("Compact, cluster and vacuum tables of the local lake where that is worth it.")
    .argument("[dataset]", "only this one")
    .action(async (dataset: string | undefined) => {
      const lines = await run({ name: "maintain", args: dataset === undefined ? [] : ["--dataset", dataset] });
      upkeepReports(lines).forEach((upkeep) => processTerminal().say(upkeepLine(upkeep)));
    });
}

async function run(operation: Operation): Promise<string[]> {
  const terminal = processTerminal();
  terminal.progress(`running ${operation.name}`);
  const show = (line: string): void => {
    if (!line.startsWith(UPKEEP_MARK) && !line.startsWith("basin: ")) terminal.say(line);
  };
  return await runOnLocalLake(operation, show).finally(() => terminal.endProgress());
}

function version(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a version is a whole number.");
  return Number(text);
}
