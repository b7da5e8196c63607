import { readCalibration } from "../../capacity/calibration-file";
import { Command, InvalidArgumentError } from "commander";
import { jsonOption, STDOUT, writeJson } from "../json";
import { processTerminal } from "../terminal";
import { capacityOf } from "./capacity-json";
import { renderCapacity } from "./text";

interface Options {
  readonly stack: string;
  readonly datasets?: string;
  readonly simulate?: number;
  readonly seed: number;
  readonly calibration?: string;
  readonly json?: string;
}

const MOST_WEEKS = 100_000;

export function capacityCommand(): Command {
  return new Command("capacity")
    .description(
      "Show every size of a stack with its reason, what would save most, and with --simulate how likely freshness and\n" +
        "deadlines hold when Spot nodes vanish, clusters start late and events come in bursts.",
    )
    .requiredOption("--stack <name>", "the stack: its settings are in Pulumi.<name>.yaml")
    .option("--datasets <dir>", "folder of dataset files, instead of the one in the settings")
    .option("--calibration <file>", "measured bytes a vCPU-second, as bench/throughput.ts writes them")
    .option("--simulate <weeks>", "simulate so many weeks", wholeNumber(1, MOST_WEEKS))
    .option("--seed <number>", "the same seed gives the same weeks", wholeNumber(0, 2 ** 32 - 1), 1)
    .addOption(jsonOption("capacity.json"))
    .action(capacity);
}

async function capacity({ stack, datasets, simulate, seed, calibration, json }: Options): Promise<void> {
  const terminal = processTerminal({ quiet: json === STDOUT });
  // Read first: a wrong file is told before the work is done.
  const throughputs = calibration === undefined ? undefined : readCalibration(calibration);
  terminal.progress(
    simulate === undefined ? `sizing stack ${stack}` : `sizing stack ${stack}, simulating ${simulate} weeks`,
  );
  const report = await capacityOf({ stack, datasetsDir: datasets, weeks: simulate, seed, throughputs });
  if (json !== undefined) writeJson(json, report);
  terminal.say(renderCapacity(report));
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`not a whole number; allowed: ${least} to ${most}`);
  };
}
