import type { Dataset } from "../declarations/dataset";
import type { Fault } from "../declarations/faults";
import type { Settings } from "./settings";

/**
 * How a dataset leaves: `retired` stops its jobs; its data goes only where two people have turned a key each, one in
 * the dataset's file and one in the stack's. A single key is a mistake, and is answered with the other's name.
 */
export function leavingFaults(settings: Settings, datasets: readonly Dataset[], today: string): Fault[] {
  const where = `Pulumi.${settings.stack}.yaml`;
  const allowed = settings.deletion?.allow ?? [];
  const faults: Fault[] = [];
  for (const dataset of datasets) {
    if (dataset.disposable === allowed.includes(dataset.name)) continue;
    faults.push(
      dataset.disposable
        ? {
            where: dataset.file,
            key: "disposable",
            message: "is one key of two, and the stack has not turned the other",
            allowed: `config.basin:deletion.allow in ${where} with ${dataset.name}, or disposable: false`,
          }
        : {
            where,
            key: "config.basin:deletion.allow",
            message: "is one key of two, and the dataset has not turned the other",
            found: dataset.name,
            allowed: `disposable: true in ${dataset.file}`,
          },
    );
  }
  return [...faults, ...dateFaults(settings, where, today)];
}

/** Permissions that have run out are taken away by hand: nobody should find an old one in force. */
function dateFaults({ deletion, acknowledge }: Settings, where: string, today: string): Fault[] {
  const dated = [
    ...(deletion === undefined ? [] : [{ key: "deletion.until", until: deletion.until }]),
    ...acknowledge.map(({ until }, index) => ({ key: `acknowledge[${index}].until`, until })),
  ];
  return dated
    .filter(({ until }) => until < today)
    .map(({ key, until }) => ({
      where,
      key: `config.basin:${key}`,
      message: "is past its date",
      found: until,
      allowed: `${today} or later, or no ${key.replace(/(\[\d+\])?\.until$/, "")} at all`,
    }));
}
