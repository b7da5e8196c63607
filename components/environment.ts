import type { Capacity } from "../capacity/index";
import type { Throughputs } from "../capacity/throughput";
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
  /** What sizes were computed with, where they were measured; the dated defaults otherwise. */
  readonly throughputs?: Throughputs | undefined;
}

/** prod keeps what it stores, whatever a program says: protected, and retained when it leaves the program. */
export function keepsData(environment: Environment): boolean {
  return environment.settings.environment === "prod";
}

type Leaving = Pick<Environment, "settings">;

/** No more jobs in this stack; data and table stay. */
export function isRetired({ settings }: Leaving, dataset: Pick<Dataset, "name">): boolean {
  return dataset.name in settings.retired;
}

/** Both keys are turned, the dataset's and the stack's: its data may go. */
export function isReleased({ settings }: Leaving, dataset: Pick<Dataset, "name" | "disposable">): boolean {
  return dataset.disposable && settings.deletion?.allow.includes(dataset.name) === true;
}

/** As `keepsData`, for what belongs to one dataset. */
export function keepsDataset(environment: Environment, dataset: Pick<Dataset, "name" | "disposable">): boolean {
  return keepsData(environment) && !isReleased(environment, dataset);
}

/** A dev stack of which every dataset is released may be destroyed with all that lies in it; prod never. */
export function releasesEverything(environment: Environment): boolean {
  return !keepsData(environment) && environment.datasets.every((dataset) => isReleased(environment, dataset));
}

/** Whose a group of datasets that run together is: the owner of what it begins with. */
export function groupOwner(
  { datasets }: Pick<Environment, "datasets">,
  { name, datasets: [first = name] }: { readonly name: string; readonly datasets: readonly string[] },
): string {
  const dataset = datasets.find((each) => each.name === first);
  if (dataset === undefined) throw new Error(`${first} of the group ${name} is not a dataset of this stack`);
  return dataset.owner;
}

/** Tags of what belongs to one dataset; the provider adds those of the environment to every resource. */
export function datasetTags(dataset: Pick<Dataset, "name" | "owner">): Record<string, string> {
  return { "basin:dataset": dataset.name, "basin:owner": dataset.owner };
}
