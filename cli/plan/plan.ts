import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { costOf } from "../../capacity/cost";
import type { Throughputs } from "../../capacity/throughput";
import type { Environment } from "../../components/environment";
import { readDatasets } from "../../declarations/load";
import { decide, declarePlatform } from "../../stacks/program";
import { parseSettings } from "../../stacks/settings";
import { planProgram } from "./plan-program";
import { checkPolicies } from "./policies";
import type { Plan } from "./shape";
import { readStackConfig } from "./stack-file";

/** The repository that this command belongs to. */
export const REPOSITORY = resolve(__dirname, "../..");

export interface PlanRequest {
  readonly stack: string;
  /** Folder of dataset files, from the working directory; the settings' own when left out. */
  readonly datasetsDir?: string;
  /** Folder of Pulumi.yaml. */
  readonly root?: string;
  /** The day on which permissions and exceptions of the settings are looked at, `YYYY-MM-DD`; today when left out. */
  readonly today?: string;
  /** Measured bytes a vCPU-second, instead of the dated defaults. */
  readonly throughputs?: Throughputs | undefined;
}

/**
 * What a stack's settings and datasets come to, before any resource is declared.
 *
 * @throws InputError with every fault of settings and datasets.
 */
export function decidePlatform({
  stack,
  datasetsDir,
  root = REPOSITORY,
  today,
  throughputs,
}: PlanRequest): Environment {
  const settings = parseSettings(readStackConfig(root, stack), stack);
  const read = readDatasets(datasetsDir ?? fromHere(join(root, settings.datasets)));
  return decide(settings, read, { root, today, throughputs });
}

/**
 * The whole platform of a stack as plain values, without AWS, credentials or Pulumi's engine.
 *
 * @throws InputError with every fault of settings and datasets.
 */
export async function planPlatform(request: PlanRequest): Promise<Plan> {
  const { stack, root = REPOSITORY, today } = request;
  const config = readStackConfig(root, stack);
  // Faults are told before the first resource is made.
  const environment = decidePlatform(request);
  const { settings } = environment;
  const { name: project } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string };
  const { accountId, region } = settings;
  return planProgram(
    { project, stack, account: { accountId, region }, config, root },
    () => declarePlatform(environment),
    {
      policies: (resources) =>
        checkPolicies(resources, { ...settings, today: today ?? new Date().toISOString().slice(0, 10) }),
      cost: (resources) => costOf(resources, environment),
    },
  );
}

/** A path as a person in the working directory would write it: messages name files by it. */
function fromHere(path: string): string {
  const shorter = relative(process.cwd(), path);
  return shorter.startsWith("..") || isAbsolute(shorter) ? path : shorter || ".";
}
