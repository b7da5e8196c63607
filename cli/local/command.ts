import { Command } from "commander";
import { CheckFailed } from "../../declarations/faults";
import { jsonOption, STDOUT, writeJson } from "../json";
import { processTerminal } from "../terminal";
import { stopLocalAws } from "./aws/local-aws";
import { runMainJob, type LocalOptions } from "./main-job";
import { openStateFolder } from "./state/state-folder";

interface Options extends LocalOptions {
  readonly json?: string;
  readonly stop?: boolean;
}

export function localCommand(): Command {
  return new Command("local")
    .description("Run the dev plan's own steps on this machine: a local AWS, real Spark, real Delta tables.")
    .option("--datasets <dir>", "folder of dataset files instead of the repository's own; needs --input")
    .option("--input <name=path>", "file, folder or glob for a dataset (repeatable)", collect, [])
    .option("--fresh", "start over with an empty lake")
    .option("--keep", "leave the local AWS running and say where")
    .option("--stop", "only stop the local AWS that --keep left running")
    .addOption(jsonOption("local.json"))
    .action(async (options: Options) => await (options.stop ? stop() : local(options)));
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function local(options: Options): Promise<void> {
  const terminal = processTerminal({ quiet: options.json === STDOUT });
  const result = await runMainJob(options, terminal).finally(() => terminal.endProgress());
  if (options.json !== undefined) writeJson(options.json, result);
  if (!result.ok) throw new CheckFailed("not everything holds; see above");
}

async function stop(): Promise<void> {
  const endpoint = await stopLocalAws(openStateFolder());
  processTerminal().say(endpoint === undefined ? "no local AWS is running" : `stopped the local AWS at ${endpoint}`);
}
