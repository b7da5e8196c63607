import { Command } from "commander";
import pc from "picocolors";
import { CheckFailed } from "../../declarations/faults";
import { formatDuration } from "../../declarations/units";
import { grid } from "../grid";
import { jsonOption, STDOUT, writeJson } from "../json";
import { decidePlatform } from "../plan/plan";
import { processTerminal } from "../terminal";
import { healthOf, type Health } from "./health";
import { readSigns } from "./signs";
import "../quiet-sdk";

interface Options {
  readonly stack: string;
  readonly datasets?: string;
  readonly endpointUrl?: string;
  readonly json?: string;
}

export function statusCommand(): Command {
  return new Command("status")
    .description(
      "Tell of every dataset of a deployed stack: fresh or not, how old, which version, and its last failure.\n" +
        "Exit code 1 when one is late.",
    )
    .requiredOption("--stack <name>", "the stack: its settings are in Pulumi.<name>.yaml")
    .option("--datasets <dir>", "folder of dataset files, instead of the one in the settings")
    .option("--endpoint-url <url>", "where AWS is, as http://127.0.0.1:4566; AWS itself when left out")
    .addOption(jsonOption("the datasets' health"))
    .action(status);
}

async function status({ stack, datasets, endpointUrl, json }: Options): Promise<void> {
  const terminal = processTerminal({ quiet: json === STDOUT });
  const environment = decidePlatform({ stack, datasetsDir: datasets });
  const now = Date.now();
  terminal.progress("asking AWS");
  const reach = {
    region: environment.settings.region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
  const signs = await readSigns(environment, reach, now).finally(() => terminal.endProgress());
  const health = healthOf(environment, signs, now);
  if (json !== undefined) writeJson(json, { version: 1, stack, at: new Date(now).toISOString(), datasets: health });
  terminal.say(healthTable(health));
  const late = health.filter(({ state }) => state === "late").map(({ dataset }) => dataset);
  if (late.length > 0) throw new CheckFailed(`older than promised: ${late.join(", ")}`);
}

const COLOURS: Readonly<Record<Health["state"], (text: string) => string>> = {
  fresh: pc.green,
  late: pc.red,
  "never run": pc.yellow,
  retired: pc.dim,
};

/** One line a dataset, those in trouble first. */
export function healthTable(health: readonly Health[]): string {
  const order: readonly Health["state"][] = ["late", "never run", "fresh", "retired"];
  const sorted = [...health].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return grid(
    ["dataset", "state", "last run", "promised", "version", "last failure"],
    sorted.map(({ dataset, state, lagSeconds, freshnessSeconds, tableVersion, lastFailure }) => [
      dataset,
      COLOURS[state](state),
      lagSeconds === null ? "never" : `${formatDuration(minutes(lagSeconds))} ago`,
      formatDuration(freshnessSeconds),
      tableVersion === null ? "" : String(tableVersion),
      lastFailure === null ? "none" : `${lastFailure.at.slice(0, 16)}Z ${lastFailure.status} ${lastFailure.execution}`,
    ]),
  );
}

/** Seconds matter only below a minute. */
function minutes(seconds: number): number {
  return seconds < 60 ? seconds : Math.round(seconds / 60) * 60;
}
