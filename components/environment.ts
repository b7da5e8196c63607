import type { Capacity } from "../capacity/index";
import type { Dataset } from "../declarations/dataset";
import type { Settings } from "../stacks/settings";
import { Names } from "./names";

/** What every component is told: plain values, known before any resource is made. */
export interface Environment {
  readonly settings: Settings;
  readonly names: Names;
  /** In dependency order: inputs before what is derived from them. */
  readonly datasets: readonly Dataset[];
  readonly capacity: Capacity;
}

/** prod keeps what it stores, whatever a program says: protected, and retained when it leaves the program. */
export function keepsData(environment: Environment): boolean {
  return environment.settings.environment === "prod";
}

/** Tags of what belongs to one dataset; the provider adds those of the environment to every resource. */
export function datasetTags(dataset: Pick<Dataset, "name" | "owner">): Record<string, string> {
  return { "basin:dataset": dataset.name, "basin:owner": dataset.owner };
}
