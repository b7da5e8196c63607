import { deliverySettings } from "./aws/provision-streams";
import { isDatabase } from "../../components/database-migration/replication";
import { adoptStrangers } from "./intake/adopt";
import { bringIn, undoUnfinished, type Intaking } from "./intake/bring-in";
import { takesInput, type Input } from "./intake/inputs";
import { rememberLake } from "./lake-file";
import type { LocalRun } from "./local-run";
import { paced } from "./pace";
import { putArtifacts } from "./put-artifacts";

/** Brings inputs in by their real ways, and puts the artifacts where the steps look for them. */
export async function fillLake(run: LocalRun, inputs: readonly Input[]): Promise<void> {
  const { platform, toolchain, state, clients, terminal } = run;
  const { environment, artifacts } = platform;
  const started = performance.now();
  const intaking = intakingOf(run);
  await undoUnfinished(intaking);
  const brought = await bringIn(inputs, intaking);
  // What of a database lies in raw its own step has copied there.
  for (const dataset of environment.datasets.filter((each) => takesInput(each) && !isDatabase(each))) {
    const found = await adoptStrangers(dataset, intaking, state.temporary);
    if (found > 0) terminal.say(`${dataset.name}: ${found} more objects lie in raw and are counted in`);
  }
  await putArtifacts(clients.s3, artifacts, environment.names, toolchain, state.temporary);
  rememberLake(run);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const before = inputs.length - brought;
  terminal.say(`brought in ${brought} inputs in ${seconds} s${before > 0 ? `; ${before} had come in before` : ""}`);
}

function intakingOf({ platform, toolchain, state, aws, clients, ledger, machine, terminal }: LocalRun): Intaking {
  const { names } = platform.environment;
  return {
    aws,
    clients,
    rawBucket: names.bucket("raw"),
    landingBucket: names.bucket("landing"),
    deliveries: deliverySettings(platform.plan.resources, machine),
    streamOf: (dataset) => names.stream(dataset),
    ledger,
    machine,
    python: toolchain.python,
    journals: state.journals,
    progress: paced((text) => terminal.progress(text)),
  };
}
