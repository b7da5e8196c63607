import { replicaFaults } from "../components/data-lake/replica/environment";
import { migrationFaults } from "../components/database-migration/faults";
import type { Dataset } from "../declarations/dataset";
import type { Fault } from "../declarations/faults";
import { leavingFaults } from "./leaving";
import type { Settings } from "./settings";

/** What a stack's settings and its datasets must be told together. */
export interface Agreeing {
  readonly settings: Settings;
  readonly datasets: readonly Dataset[];
  /** False when some dataset file could not be read: then no name is called unknown for its lack. */
  readonly complete: boolean;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/** Where a stack's settings and its datasets do not agree: every name that one uses, the other declares. */
export function agreementFaults({ settings, datasets, complete, today }: Agreeing): Fault[] {
  return [
    ...datasets.flatMap((dataset) => unknownNames(settings, dataset)),
    ...(complete ? unknownDatasets(settings, datasets) : []),
    ...replicaFaults(settings),
    ...leavingFaults(settings, datasets, today),
    ...migrationFaults(settings, datasets),
  ];
}

function unknownNames(settings: Settings, dataset: Dataset): Fault[] {
  const settingsFile = `Pulumi.${settings.stack}.yaml`;
  const unknown = (key: string, kind: string, found: string, known: object): Fault[] => {
    const names = Object.keys(known);
    const allowed = names.join(", ") || "none is declared";
    const message = `is not a ${kind} of ${settingsFile}`;
    return names.includes(found) ? [] : [{ where: dataset.file, key, message, found, allowed }];
  };
  const { source } = dataset;
  return [
    ...dataset.consumers.flatMap((consumer, index) =>
      unknown(`consumers[${index}]`, "consumer", consumer, settings.consumers),
    ),
    ...(source.kind === "database"
      ? unknown("source.connection", "connection", source.connection, settings.connections)
      : []),
  ];
}

function unknownDatasets(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const names = datasets.map((dataset) => dataset.name);
  const used = [
    ...Object.keys(settings.retired).map((name) => ({ key: "retired", name })),
    ...(settings.deletion?.allow ?? []).map((name) => ({ key: "deletion.allow", name })),
  ];
  return used
    .filter(({ name }) => !names.includes(name))
    .map(({ key, name }) => ({
      where: `Pulumi.${settings.stack}.yaml`,
      key: `config.basin:${key}`,
      message: "names a dataset that is not declared",
      found: name,
      allowed: names.join(", "),
    }));
}
