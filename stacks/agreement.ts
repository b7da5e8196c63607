import type { Dataset } from "../declarations/dataset";
import { refuse, type Fault } from "../declarations/faults";
import type { Settings } from "./settings";
import { unbuiltKeys } from "./unbuilt";

/**
 * What a stack's settings and its datasets must fulfil together: every name that one uses, the other declares.
 *
 * @throws InputError with every fault at once.
 */
export function requireAgreement(settings: Settings, datasets: readonly Dataset[]): void {
  refuse([...unknownNames(settings, datasets), ...unbuiltKeys(settings, datasets)]);
}

function unknownNames(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const faults: Fault[] = [];
  const consumers = Object.keys(settings.consumers);
  const connections = Object.keys(settings.connections);
  const settingsFile = `Pulumi.${settings.stack}.yaml`;
  for (const dataset of datasets) {
    dataset.consumers.forEach((consumer, index) => {
      if (consumers.includes(consumer)) return;
      faults.push({
        where: dataset.file,
        key: `consumers[${index}]`,
        message: `is not a consumer of ${settingsFile}`,
        found: consumer,
        allowed: consumers.join(", ") || "none is declared",
      });
    });
    if (dataset.source.kind === "database" && !connections.includes(dataset.source.connection)) {
      faults.push({
        where: dataset.file,
        key: "source.connection",
        message: `is not a connection of ${settingsFile}`,
        found: dataset.source.connection,
        allowed: connections.join(", ") || "none is declared",
      });
    }
  }
  const names = datasets.map((dataset) => dataset.name);
  for (const name of [...Object.keys(settings.retired), ...(settings.deletion?.allow ?? [])]) {
    if (names.includes(name)) continue;
    faults.push({
      where: settingsFile,
      message: "names a dataset that is not declared",
      found: name,
      allowed: names.join(", "),
    });
  }
  return faults;
}
