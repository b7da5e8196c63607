import { basename } from "node:path";

/** `<dataset>/arrived=YYYY-MM-DDTHH/`: where what arrives in an hour (UTC) lies in raw. */
export function arrivalPrefix(dataset: string, arrived: Date): string {
  return `${dataset}/arrived=${arrived.toISOString().slice(0, 13)}/`;
}

/** A file's key in raw. Its content is part of the name, so that two files of one name do not meet. */
export function rawKey(dataset: string, arrived: Date, path: string, hash: string): string {
  return `${arrivalPrefix(dataset, arrived)}${hash.slice(0, 12)}-${basename(path)}`;
}
