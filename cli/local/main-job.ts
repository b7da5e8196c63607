import { InputError } from "../../declarations/faults";
import type { Terminal } from "../terminal";
import { connect } from "./aws/clients";
import { keepLocalAws, stopLocalAws, useLocalAws } from "./aws/local-aws";
import { writeFailure } from "./aws/ministack";
import { provision } from "./aws/provision";
import { chooseInputs, type InputRequest } from "./choose-inputs";
import { withCleanup, type Cleanup } from "./cleanup";
import { fillLake } from "./fill-lake";
import { requireFreeSpace, whileSpaceLasts } from "./free-space";
import type { Input } from "./intake/inputs";
import { Ledger } from "./intake/ledger";
import type { LocalResult } from "./local-json";
import type { LocalRun } from "./local-run";
import { machineSize } from "./machine-size";
import { planLocally, type LocalPlatform } from "./platform";
import { runPlan } from "./run-plan";
import { takeLock } from "./state/lock";
import { clearState, openStateFolder, type StateFolder } from "./state/state-folder";
import { readToolchain, type Toolchain } from "./toolchain";
import { showWorstHours } from "./worst-hours";

export interface LocalOptions extends InputRequest {
  readonly fresh?: boolean;
  readonly keep?: boolean;
}

/**
 * The main job: brings inputs into a local lake and runs the dev plan's own steps on them.
 *
 * @throws InputError before anything is changed, when inputs, datasets or the machine are not fit; later only for what
 * could not be foreseen, as a disk that others fill.
 */
export async function runMainJob(options: LocalOptions, terminal: Terminal): Promise<LocalResult> {
  const toolchain = readToolchain();
  const platform = await planLocally(options.datasets);
  const { datasets } = platform.environment;
  const state = openStateFolder();
  return await withCleanup(async (cleanup) => {
    cleanup.add(takeLock(state.lock));
    const before = new Ledger(options.fresh ? undefined : state.ledger);
    const inputs = await chooseInputs(options, datasets, before, toolchain, (text) => terminal.progress(text));
    requireFreeSpace(state.folder, totalBytes(inputs));
    if (options.fresh) await startOver(state);
    return await whileSpaceLasts(state.folder, async () => {
      const run = await openLake(platform, toolchain, state, cleanup, terminal);
      await fillLake(run, inputs);
      const result = await runPlan(run);
      requireWritten(state);
      if (options.datasets === undefined && result.ok) await showWorstHours(run);
      if (options.keep) keep(run);
      return result;
    });
  });
}

function totalBytes(inputs: readonly Input[]): number {
  return inputs.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function startOver(state: StateFolder): Promise<void> {
  await stopLocalAws(state);
  clearState(state);
}

async function openLake(
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

/** @throws InputError when the emulator could not keep on disk what it has taken. */
function requireWritten(state: StateFolder): void {
  const failure = writeFailure(state);
  if (failure === undefined) return;
  const allowed = "repair that, then start over with --fresh";
  throw new InputError([{ where: state.buckets, message: `the local S3 could not write: ${failure}`, allowed }]);
}

function keep({ state, aws, terminal }: LocalRun): void {
  keepLocalAws(state);
  terminal.say(`the local AWS goes on at ${aws.endpoint} (access key ${aws.accountId}); ./basin local --stop stops it`);
}
