import type { Dataset } from "../declarations/dataset";
import { inputsOf } from "../declarations/dataset-graph";
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
  return [...faults, ...readersOfTheLeaving(settings, datasets), ...dateFaults(settings, where, today)];
}

/** A dataset whose data goes takes with it what is still derived from it. */
function readersOfTheLeaving({ retired, deletion }: Settings, datasets: readonly Dataset[]): Fault[] {
  const leaves = (name: string): boolean => name in retired && deletion?.allow.includes(name) === true;
  return datasets
    .filter(({ name }) => !(name in retired))
    .flatMap((dataset) =>
      inputsOf(dataset).flatMap((input, index) =>
        leaves(input)
          ? [
              {
                where: dataset.file,
                key: `source.from[${index}]`,
                message: "is read by this dataset, and its data is to be destroyed",
                found: input,
                allowed: `${dataset.name} retired as well, or ${input} not in deletion.allow`,
              },
            ]
          : [],
      ),
    );
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
