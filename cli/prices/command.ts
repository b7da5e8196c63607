import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { InputError } from "../../declarations/faults";
import { grid } from "../grid";
import { writeJson } from "../json";
import { processTerminal } from "../terminal";
import { askAws } from "./ask";
import { refreshed, type Outcome, type PriceFile } from "./refresh";
import "../quiet-sdk";

interface Options {
  readonly region: string;
  readonly file: string;
  readonly dryRun: boolean;
  readonly endpointUrl?: string;
}

const OWN_FILE = join(__dirname, "../../capacity/price-list.json");
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

export function pricesCommand(): Command {
  const refresh = new Command("refresh")
    .description(
      "Ask AWS's pricing API for every price of a region and write them with month and source. A price without exactly\n" +
        "one answer stays as it was and is named. Needs credentials with pricing:GetProducts.",
    )
    .requiredOption("--region <name>", "the region, as us-east-1; one that the file does not have is added")
    .option("--file <file>", "the file of prices", OWN_FILE)
    .option("--dry-run", "show what would change and write nothing", false)
    .option("--endpoint-url <url>", "where the pricing API is; AWS itself when left out")
    .action(run);
  return new Command("prices").description("The prices that bills are made from.").addCommand(refresh);
}

async function run({ region, file, dryRun, endpointUrl }: Options): Promise<void> {
  const terminal = processTerminal({ quiet: false });
  requireRegion(region);
  const before = readPrices(file);
  terminal.progress(`asking AWS for the prices of ${region}`);
  const ask = askAws({
    region,
    currency: before.currency,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  });
  const month = new Date().toISOString().slice(0, 7);
  const { file: after, outcomes } = await refreshed({ file: before, region, month, ask }).finally(() =>
    terminal.endProgress(),
  );
  if (outcomes.every((each) => each.after === undefined)) {
    const message = "has not one price in the pricing API's answers";
    throw new InputError([{ where: "--region", message, found: region, allowed: "a region of AWS" }]);
  }
  if (!dryRun) writeJson(file, after);
  terminal.say(outcomeText(outcomes, { region, written: dryRun ? undefined : file }));
}

/** What changed, what has no answer, and how many stayed the same. */
export function outcomeText(outcomes: readonly Outcome[], to: { region: string; written: string | undefined }): string {
  const answered = outcomes.filter(({ after }) => after !== undefined);
  const changed = answered.filter(({ before, after }) => before !== after);
  const missing = outcomes.filter((each) => each.missing !== undefined);
  return [
    ...(changed.length > 0
      ? [
          grid(
            ["price", "before", "now"],
            changed.map((each) => [each.name, text(each.before), text(each.after)]),
          ),
        ]
      : []),
    ...missing.map(({ name, before, missing: why = "" }) =>
      before === undefined ? `${name}: unknown: ${why}` : `${name}: stays ${before}: ${why}`,
    ),
    `${to.region}: ${changed.length} changed, ${answered.length - changed.length} confirmed, ${missing.length} without an answer` +
      (to.written === undefined ? "; nothing written" : `; written to ${to.written}`),
  ].join("\n");
}

function text(value: number | undefined): string {
  return value === undefined ? "–" : String(value);
}

function requireRegion(found: string): void {
  if (REGION.test(found)) return;
  throw new InputError([{ where: "--region", message: "is not a region", found, allowed: "as us-east-1" }]);
}

function readPrices(file: string): PriceFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError([{ where: file, message: `cannot be read: ${(error as Error).message}` }]);
  }
  const { version, currency, regions } = (value ?? {}) as Partial<PriceFile>;
  if (version !== 1 || typeof currency !== "string" || typeof regions !== "object") {
    const allowed = "version 1, a currency and regions, as capacity/price-list.json";
    throw new InputError([{ where: file, message: "is not a file of prices", allowed }]);
  }
  return { version, currency, regions };
}
