import { Command } from "commander";
import pc from "picocolors";
import { formatDuration } from "../../declarations/units";
import type { PlatformContract } from "../../contract/schema";
import { grid } from "../grid";
import { jsonOption, STDOUT, writeJson } from "../json";
import { decidePlatform } from "../plan/plan";
import { processTerminal } from "../terminal";
import { requireUnbroken } from "./acceptance";
import { contractChanges, type ContractChange } from "./compatibility";
import { contractOf, readContract } from "./contract";

interface Options {
  readonly stack: string;
  readonly datasets?: string;
  readonly json?: string;
}

export function contractCommand(): Command {
  const contract = new Command("contract").description("What a stack exports for other teams' stacks.");
  withStack(contract.command("show"))
    .description("Show what other teams may rely on, from the plan: without AWS, credentials or the Pulumi CLI.")
    .addOption(jsonOption("the contract"))
    .action(show);
  withStack(contract.command("check"))
    .description(
      "Compare a stack's contract with an earlier one: what is additive, what breaks a consumer, and whom.\n" +
        "Exit code 1 on a break that the dataset's `breaking` does not accept.",
    )
    .requiredOption("--baseline <file>", "an earlier contract of this stack, as contract show --json writes it")
    .addOption(jsonOption("the changes"))
    .action(check);
  return contract;
}

function withStack(command: Command): Command {
  return command
    .requiredOption("--stack <name>", "the stack: its settings are in Pulumi.<name>.yaml")
    .option("--datasets <dir>", "folder of dataset files, instead of the one in the settings");
}

async function show({ stack, datasets, json }: Options): Promise<void> {
  const terminal = processTerminal({ quiet: json === STDOUT });
  const contract = await contractOf({ stack, datasetsDir: datasets });
  if (json !== undefined) writeJson(json, contract);
  terminal.say(renderContract(contract));
}

async function check({ stack, datasets, baseline, json }: Options & { readonly baseline: string }): Promise<void> {
  const terminal = processTerminal({ quiet: json === STDOUT });
  // Read first: a wrong file is told before the work is done.
  const before = readContract(baseline);
  const request = { stack, datasetsDir: datasets };
  const changes = contractChanges(before, await contractOf(request));
  if (json !== undefined) writeJson(json, { version: 1, stack, changes });
  terminal.say(renderChanges(changes));
  requireUnbroken(stack, changes, decidePlatform(request).datasets);
}

export function renderContract(contract: PlatformContract): string {
  const rows = Object.entries(contract.datasets).map(([name, dataset]) => [
    `${dataset.database}.${name}`,
    dataset.owner,
    `${Object.keys(dataset.columns).length}`,
    formatDuration(dataset.freshnessSeconds),
    Object.keys(dataset.readers).join(", ") || "–",
    dataset.location,
  ]);
  const title = `${pc.bold(`contract of stack ${contract.stack}`)}  version ${contract.version}, ${contract.region}`;
  return `${title}\n${grid(["table", "owner", "columns", "at most old", "readers", "location"], rows, 2)}`;
}

const MARKS: Readonly<Record<ContractChange["kind"], string>> = {
  additive: pc.green("additive "),
  announced: pc.yellow("announced"),
  breaking: pc.red("breaking "),
};

export function renderChanges(changes: readonly ContractChange[]): string {
  if (changes.length === 0) return "the contract is the same";
  return changes
    .map(({ kind, where, message, consumers }) => {
      return `${MARKS[kind]}  ${where} ${message}${consumers.length > 0 ? `; hits ${consumers.join(", ")}` : ""}`;
    })
    .join("\n");
}
