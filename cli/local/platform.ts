import { join } from "node:path";
import { artifactFiles, type Artifact } from "../../components/pipelines/artifacts";
import type { Environment } from "../../components/environment";
import { readDatasets } from "../../declarations/load";
import { decide } from "../../stacks/program";
import { parseSettings } from "../../stacks/settings";
import { planPlatform } from "../plan/plan";
import type { Plan } from "../plan/shape";
import { readStackConfig } from "../plan/stack-file";
import { REPOSITORY } from "./toolchain";

/** The stack that a laptop plays. */
const STACK = "dev";

/** What a local run is told: the very plan of the dev stack, and the plain values that it follows from. */
export interface LocalPlatform {
  readonly environment: Environment;
  readonly plan: Plan;
  readonly artifacts: readonly Artifact[];
}

/**
 * Plans the dev stack over a folder of datasets.
 *
 * @throws InputError with every fault of settings and datasets.
 */
export async function planLocally(datasetsDir: string | undefined): Promise<LocalPlatform> {
  const settings = parseSettings(readStackConfig(REPOSITORY, STACK), STACK);
  const environment = decide(settings, readDatasets(datasetsDir ?? join(REPOSITORY, settings.datasets)));
  const plan = await planPlatform({ stack: STACK, datasetsDir });
  return { environment, plan, artifacts: artifactFiles(environment) };
}
