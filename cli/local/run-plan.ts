import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Step } from "../../components/pipelines/step";
import { alarmFigures } from "./alarm-figures";
import { catalogueColumns } from "./catalogue-columns";
import { clusterDefaults } from "./cluster-defaults";
import type { LocalSpark } from "./differences";
import { afterStreams } from "./direct-streams";
import { takesInput } from "./intake/inputs";
import { datasetResult, type DatasetResult, type LocalResult } from "./local-json";
import type { LocalRun } from "./local-run";
import { checkColumns, reconcileGold, reconcileSilver, type Check } from "./reconcile";
import { checksSummary, resultsTable } from "./results-table";
import type { Report } from "./report";
import { lastLines, runStep, type StepResult } from "./run-step";
import { runSteps, type SkippedStep } from "./run-steps";

/** Runs the plan's steps, accounts for every row, and says how it went. */
export async function runPlan(run: LocalRun): Promise<LocalResult> {
  const { platform, toolchain, state, machine, cleanup, terminal } = run;
  const { environment, plan } = platform;
  const spark = sparkOf(run);
  const width = Math.max(...plan.steps.map((step) => step.dataset.length));
  const onLine = (step: Step, line: string): void => terminal.say(`${step.dataset.padEnd(width)} │ ${line}`);
  const steps = afterStreams(plan.steps, environment.datasets);
  const outcomes = await runSteps(steps, machine.stepsAtOnce, async (step) => {
    terminal.progress(`running ${step.dataset}`);
    const defaults = clusterDefaults(environment, step.dataset);
    return await runStep(step, { toolchain, spark, clusterDefaults: defaults, logs: state.logs, cleanup, onLine });
  });
  const checks = [...outcomes.map(succeeded), ...(await accountFor(run, outcomes))];
  const results = outcomes.flatMap((outcome) => resultOf(run, outcome));
  showFailures(run, outcomes);
  terminal.say(resultsTable(results, notesOf(run)));
  terminal.say(checksSummary(checks));
  terminal.say(alarmFigures(reported(run, outcomes)));
  return { version: 1, ok: checks.every((check) => check.ok), datasets: results, checks };
}

/** How this machine runs a step. */
export function sparkOf({
  aws,
  machine,
  toolchain,
  state,
}: Pick<LocalRun, "aws" | "machine" | "toolchain" | "state">): LocalSpark {
  return { aws, machine, jars: toolchain.jars, temporary: state.temporary };
}

type Outcome = StepResult | SkippedStep;

function succeeded(outcome: Outcome): Check {
  const name = `${outcome.step.dataset}: the step succeeded`;
  if ("skippedFor" in outcome)
    return { name, ok: false, detail: `not run, because ${outcome.skippedFor} did not succeed` };
  const { code, log, report } = outcome;
  const aside = report?.run.filesSetAside.map(({ file, reason }) => `${file}: ${reason}`) ?? [];
  const detail = code === 0 ? "exit code 0" : [`exit code ${code}`, ...aside, `full output in ${log}`].join("; ");
  return { name, ok: code === 0, detail };
}

async function accountFor(run: LocalRun, outcomes: readonly Outcome[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const outcome of outcomes) {
    const dataset = datasetOf(run, outcome);
    if ("report" in outcome && outcome.report) {
      const { report } = outcome;
      if (report.zone === "silver") checks.push(...reconcileSilver(run.ledger.rowsIn(dataset.name), report));
      else checks.push(reconcileGold(report));
    } else if (!("skippedFor" in outcome) && outcome.code === 0) {
      checks.push({ name: `${dataset.name}: the job reported`, ok: false, detail: "there is no report in its output" });
    }
    checks.push(
      checkColumns(dataset, await catalogueColumns(run.clients.glue, databaseOf(run, dataset), dataset.name)),
    );
  }
  return checks;
}

function resultOf(run: LocalRun, outcome: Outcome): DatasetResult[] {
  if (!("report" in outcome) || !outcome.report) return [];
  const { report, seconds } = outcome;
  const rowsIn = report.zone === "silver" ? run.ledger.rowsIn(report.dataset) : report.total.rowsIn;
  return [datasetResult(report, rowsIn, seconds)];
}

function reported(run: LocalRun, outcomes: readonly Outcome[]): { dataset: Dataset; report: Report }[] {
  return outcomes.flatMap((outcome) =>
    "report" in outcome && outcome.report ? [{ dataset: datasetOf(run, outcome), report: outcome.report }] : [],
  );
}

function datasetOf({ platform }: LocalRun, { step }: Outcome): Dataset {
  const dataset = platform.environment.datasets.find((each) => each.name === step.dataset);
  if (!dataset) throw new Error(`the step ${step.name} has no dataset`);
  return dataset;
}

/** A step that failed without a word of its own shows the end of its log. */
function showFailures({ terminal }: LocalRun, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if ("skippedFor" in outcome || outcome.code === 0 || outcome.said) continue;
    terminal.complain(
      `${outcome.step.dataset} ended with code ${outcome.code}; the end of ${outcome.log}:\n${lastLines(outcome.log)}`,
    );
  }
}

/** The zone's physical database. */
function databaseOf({ platform }: LocalRun, dataset: Dataset): string {
  return platform.environment.names.database(zoneOf(dataset));
}

function notesOf({ platform, ledger }: LocalRun): Map<string, string> {
  const empty = platform.environment.datasets.filter(
    (dataset) => zoneOf(dataset) === "silver" && takesInput(dataset) && ledger.finished(dataset.name).length === 0,
  );
  return new Map(empty.map(({ name }) => [name, "no input yet"]));
}
