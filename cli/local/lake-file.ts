import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { InputError } from "../../declarations/faults";
import { clusterDefaults } from "./cluster-defaults";
import type { LocalRun } from "./local-run";
import type { StateFolder } from "./state/state-folder";

const lakeFile = z.object({
  version: z.literal(1),
  accountId: z.string(),
  region: z.string(),
  /** A step of the plan that made the lake: queries run with its artifacts and settings. */
  step: z.array(z.string()),
  clusterDefaults: z.record(z.string(), z.string()),
  /** The catalogue's databases by zone. */
  databases: z.object({ silver: z.string(), gold: z.string() }).optional(),
  /** The root of what databases' files come into. */
  landing: z.string().optional(),
});

/** What a query needs to know of the lake: with it, nothing has to be planned again. */
export type Lake = z.output<typeof lakeFile>;

export function rememberLake({ platform, state }: LocalRun): void {
  const { environment, plan } = platform;
  const [step] = plan.steps;
  if (!step) return;
  const { accountId, region } = environment.settings;
  const lake: Lake = {
    version: 1,
    accountId,
    region,
    step: [...step.args],
    clusterDefaults: clusterDefaults(environment, step.dataset),
    databases: { silver: environment.names.database("silver"), gold: environment.names.database("gold") },
    landing: `s3://${environment.names.bucket("landing")}`,
  };
  writeFileSync(state.lake, `${JSON.stringify(lake, null, 2)}\n`);
}

/** @throws InputError when no run has made a lake yet. */
export function recallLake(state: StateFolder): Lake {
  try {
    return lakeFile.parse(JSON.parse(readFileSync(state.lake, "utf8")));
  } catch {
    throw new InputError([{ where: state.folder, message: "holds no lake yet", allowed: "run ./basin local first" }]);
  }
}
