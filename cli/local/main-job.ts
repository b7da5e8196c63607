import { zoneOf, type Dataset } from "../../declarations/dataset";
import { InputError } from "../../declarations/faults";
import type { Terminal } from "../terminal";
import { connect, type Clients, type LocalAws } from "./aws/clients";
import { keepLocalAws, stopLocalAws, useLocalAws } from "./aws/local-aws";
import { writeFailure } from "./aws/ministack";
import { provision } from "./aws/provision";
import { deliverySettings } from "./aws/provision-streams";
import type { Cleanup } from "./cleanup";
import { withCleanup } from "./cleanup";
import { demoInputs, makeDemoInputs } from "./demo/demo-inputs";
import { requireFreeSpace } from "./free-space";
import { adoptStrangers } from "./intake/adopt";
import { bringIn, undoUnfinished, type Intaking } from "./intake/bring-in";
import { resolveInputs, takesInput, type Input } from "./intake/inputs";
import { Ledger } from "./intake/ledger";
import { rememberLake } from "./lake-file";
import type { LocalResult } from "./local-json";
import { paced } from "./pace";
import { machineSize, type MachineSize } from "./machine-size";
import { planLocally, type LocalPlatform } from "./platform";
import { putArtifacts } from "./put-artifacts";
import { runPlan } from "./run-plan";
import { takeLock } from "./state/lock";
import { clearState, openStateFolder, type StateFolder } from "./state/state-folder";
import { readToolchain, type Toolchain } from "./toolchain";

export interface LocalOptions {
  readonly datasets?: string;
  /** `NAME=PATH`, as given. */
  readonly input: readonly string[];
  readonly fresh?: boolean;
  readonly keep?: boolean;
}

/** Everything that the parts of a run share. */
export interface LocalRun {
  readonly platform: LocalPlatform;
  readonly toolchain: Toolchain;
  readonly state: StateFolder;
  readonly aws: LocalAws;
  readonly clients: Clients;
  readonly ledger: Ledger;
  readonly machine: MachineSize;
  readonly cleanup: Cleanup;
  readonly terminal: Terminal;
}

/**
 * The main job: brings inputs into a local lake and runs the dev plan's own steps on them.
 *
 * @throws InputError before anything is changed, when inputs, datasets or the machine are not fit.
 */
export async function runMainJob(options: LocalOptions, terminal: Terminal): Promise<LocalResult> {
  const toolchain = readToolchain();
  const platform = await planLocally(options.datasets);
  const inputs = await inputsOf(options, platform.environment.datasets, toolchain, terminal);
  const state = openStateFolder();
  return await withCleanup(async (cleanup) => {
    cleanup.add(takeLock(state.lock));
    if (options.fresh) {
      await stopLocalAws(state);
      clearState(state);
    }
    requireFreeSpace(
      state.folder,
      inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    const run = await startRun(platform, toolchain, state, cleanup, terminal);
    await fill(run, inputs);
    const result = await runPlan(run);
    const lost = writeFailure(state);
    if (lost !== undefined)
      throw new InputError([{ where: state.buckets, message: `the local S3 could not write: ${lost}` }]);
    if (options.keep) keep(run);
    return result;
  });
}

/** What was given, and the demo's own inputs for the repository's datasets that were given none. */
async function inputsOf(
  { datasets: folder, input }: LocalOptions,
  datasets: readonly Dataset[],
  toolchain: Toolchain,
  terminal: Terminal,
): Promise<Input[]> {
  const given = resolveInputs(input, datasets);
  if (folder !== undefined) {
    if (given.length > 0) return given;
    const names = datasets.filter(takesInput).map(({ name }) => name);
    const allowed = `--input NAME=PATH for one or more of ${names.join(", ")}`;
    throw new InputError([{ where: "--input", message: `nothing was given for the datasets of ${folder}`, allowed }]);
  }
  const without = datasets.filter((dataset) => !given.some((each) => each.dataset.name === dataset.name));
  const demo = await makeDemoInputs(toolchain, (text) => terminal.progress(text));
  const names = without.map(({ name }) => name);
  return [...given, ...resolveInputs(demoInputs(demo, names), datasets)];
}

async function startRun(
  platform: LocalPlatform,
  toolchain: Toolchain,
  state: StateFolder,
  cleanup: Cleanup,
  terminal: Terminal,
): Promise<LocalRun> {
  const { accountId, region } = platform.environment.settings;
  terminal.progress("starting the local AWS");
  const aws = await useLocalAws(toolchain, state, { accountId, region }, cleanup);
  const clients = connect(aws);
  cleanup.add(clients.close);
  const machine = machineSize();
  await provision(clients, platform.plan.resources, region, machine);
  return { platform, toolchain, state, aws, clients, ledger: new Ledger(state.ledger), machine, cleanup, terminal };
}

/** Brings inputs in, and the artifacts that the steps need. */
async function fill(run: LocalRun, inputs: readonly Input[]): Promise<void> {
  const { platform, toolchain, state, clients, ledger, machine, terminal } = run;
  const { environment, plan, artifacts } = platform;
  const started = performance.now();
  const intaking: Intaking = {
    aws: run.aws,
    clients,
    rawBucket: environment.names.bucket("raw"),
    deliveries: deliverySettings(plan.resources, machine),
    streamOf: (dataset) => environment.names.stream(dataset),
    ledger,
    machine,
    python: toolchain.python,
    journals: state.journals,
    progress: paced((text) => terminal.progress(text)),
  };
  await undoUnfinished(intaking);
  const brought = await bringIn(inputs, intaking);
  for (const dataset of environment.datasets.filter(takesInput))
    await adoptStrangers(dataset, intaking, state.temporary);
  await putArtifacts(clients.s3, artifacts, environment.names, toolchain, state.temporary);
  rememberLake(run);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const known = inputs.length - brought;
  terminal.say(`brought in ${brought} inputs in ${seconds} s${known > 0 ? `; ${known} had come in before` : ""}`);
}

function keep({ state, aws, terminal }: LocalRun): void {
  keepLocalAws(state);
  terminal.say(`the local AWS goes on at ${aws.endpoint} (access key ${aws.accountId}); ./basin local --stop stops it`);
}

/** The zone's physical database. */
export function databaseOf({ platform }: Pick<LocalRun, "platform">, dataset: Dataset): string {
  return platform.environment.names.database(zoneOf(dataset));
}
