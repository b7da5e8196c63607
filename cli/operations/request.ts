import { isRetired, type Environment } from "../../components/environment";
import { operationMachineName } from "../../components/pipelines/names";
import { inputKey, MOST_ASKED, MOST_DATASETS, type Operation } from "../../components/pipelines/operations/catalogue";
import { InputError, refuse } from "../../declarations/faults";
import type { Dataset } from "../../declarations/dataset";

/** What somebody asks for by its name: text, or true for a flag. */
export type Asked = Readonly<Record<string, string | true | undefined>>;

/** One execution to start. */
export interface OperationRequest {
  readonly machine: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What it is for, as a person would say it. */
  readonly title: string;
}

/**
 * Executions that do an operation: one for each owner of the datasets, or one for the whole lake.
 *
 * @param names datasets; all that the operation takes when there are none
 * @throws InputError for a dataset that is not there, or that the operation does not take, and for values that are longer
 *   than a step's command has room for.
 */
export function operationRequests(
  environment: Environment,
  operation: Operation,
  names: readonly string[],
  asked: Asked,
): OperationRequest[] {
  requireRoom(asked);
  const values = Object.fromEntries(
    operation.parameters.flatMap(({ name }) => (asked[name] === undefined ? [] : [[inputKey(name), asked[name]]])),
  );
  if (operation.scope === "lake") {
    const machine = operationMachineName(environment.names, operation.name);
    return [{ machine, input: values, title: "the whole lake" }];
  }
  const byOwner = new Map<string, string[]>();
  for (const { owner, name } of chosen(environment, operation, names))
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), name]);
  return [...byOwner].flatMap(([owner, all]) =>
    inParts(all).map((datasets) => ({
      machine: operationMachineName(environment.names, operation.name, owner),
      input: { datasets, ...values },
      title: datasets.join(", "),
    })),
  );
}

function requireRoom(asked: Asked): void {
  const found = Object.entries(asked)
    .map(([name, value]) => `--${name}=${value === true ? "" : (value ?? "")}`)
    .join("").length;
  if (found <= MOST_ASKED) return;
  const allowed = `at most ${MOST_ASKED} characters in all`;
  refuse([{ where: "options", message: "are longer than a step's command has room for", found, allowed }]);
}

function chosen(environment: Environment, operation: Operation, names: readonly string[]): Dataset[] {
  const possible = environment.datasets.filter(
    (dataset) => operation.takes(dataset) && !isRetired(environment, dataset),
  );
  if (names.length === 0) return possible;
  return names.map((found) => {
    const dataset = possible.find(({ name }) => name === found);
    if (dataset) return dataset;
    const isThere = environment.datasets.some(({ name }) => name === found);
    const message = isThere ? `is a dataset that ${operation.name} does not work on` : "is no dataset of this stack";
    const allowed = possible.map(({ name }) => name).join(", ") || "none";
    throw new InputError([{ where: "DATASET", message, found, allowed }]);
  });
}

function inParts(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / MOST_DATASETS) }, (_, part) =>
    names.slice(part * MOST_DATASETS, (part + 1) * MOST_DATASETS),
  );
}
