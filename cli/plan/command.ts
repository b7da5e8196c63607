import { Command } from "commander";
import { CheckFailed } from "../../declarations/faults";
import type { Settings } from "../../stacks/settings";
import { jsonOption, STDOUT, writeJson, writeText } from "../json";
import { processTerminal } from "../terminal";
import { compareWithBaseline, readBaseline } from "./baseline";
import { requireKept } from "./guard";
import { renderHtml } from "./html";
import { renderMarkdown } from "./markdown";
import { decidePlatform, planPlatform } from "./plan";
import { renderSarif } from "./sarif";
import type { Plan } from "./shape";
import { dollars, mandatoryViolations } from "./summary";
import { renderText } from "./text";

interface Options {
  readonly stack: string;
  readonly datasets?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly html?: string;
  readonly sarif?: string;
  readonly baseline?: string;
}

export function planCommand(): Command {
  return new Command("plan")
    .description(
      "Run the whole program of a stack without AWS, credentials or the Pulumi CLI, and show what it would be:\n" +
        "resources, steps, policy verdicts, sizes and cost. Exit code 1 when a mandatory policy is violated, when the\n" +
        "expected cost is above the stack's budget, or when readers or the lake would lose what the baseline has.",
    )
    .requiredOption("--stack <name>", "the stack: its settings are in Pulumi.<name>.yaml")
    .option("--datasets <dir>", "folder of dataset files, instead of the one in the settings")
    .addOption(jsonOption("the plan"))
    .option("--markdown <file>", "write the plan for a pull request (- for standard output)")
    .option("--html <file>", "write the plan as one page that needs nothing else")
    .option("--sarif <file>", "write the policy verdicts for code scanning")
    .option("--baseline <file>", "an earlier plan.json of this stack: show what changes")
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  const outputs = [options.json, options.markdown, options.html, options.sarif];
  const terminal = processTerminal({ quiet: outputs.includes(STDOUT) });
  const started = process.hrtime.bigint();
  // Read first: a wrong file is told before the work is done.
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline, options.stack);
  terminal.progress(`planning stack ${options.stack}`);
  const made = await planPlatform({ stack: options.stack, datasetsDir: options.datasets });
  const result: Plan = baseline ? { ...made, changes: compareWithBaseline(made, baseline) } : made;

  if (options.json !== undefined) writeJson(options.json, result);
  if (options.markdown !== undefined) writeText(options.markdown, renderMarkdown(result));
  if (options.html !== undefined) writeText(options.html, renderHtml(result));
  if (options.sarif !== undefined) writeJson(options.sarif, renderSarif(result));
  terminal.say(renderText(result, Number(process.hrtime.bigint() - started) / 1e9, process.stdout.columns));

  const decided = decidePlatform({ stack: options.stack, datasetsDir: options.datasets });
  if (baseline && result.changes) requireKept(result, result.changes, baseline, decided);
  requirePolicies(result);
  requireBudget(result, decided.settings);
}

/** @throws CheckFailed when the month's expected cost is above the stack's budget. */
export function requireBudget(
  { stack, cost }: Pick<Plan, "stack" | "cost">,
  { budget }: Pick<Settings, "budget">,
): void {
  const { expected } = cost.monthly;
  if (budget === undefined || expected <= budget.monthly) return;
  throw new CheckFailed(
    `stack ${stack} is expected to cost ${dollars(expected)} a month, and its budget is ${dollars(budget.monthly)}; ` +
      `allowed: a higher config.basin:budget.monthly, or what basin capacity --stack ${stack} advises`,
  );
}

/** @throws CheckFailed when the plan breaks a mandatory policy. */
export function requirePolicies(result: Plan): void {
  const mandatory = mandatoryViolations(result);
  if (mandatory.length === 0) return;
  const policies = [...new Set(mandatory.map(({ policy }) => policy))].join(", ");
  const times = mandatory.length === 1 ? "once" : `${mandatory.length} times`;
  throw new CheckFailed(`stack ${result.stack} breaks mandatory policies ${times}: ${policies}`);
}
