import { accessSync, constants, statSync } from "node:fs";
import type { Dataset } from "../../../declarations/dataset";
import { refuse, type Fault } from "../../../declarations/faults";
import { expandPath } from "./paths";

/** A file that shall come into a dataset. */
export interface Input {
  readonly dataset: Dataset;
  readonly path: string;
  readonly format: FileFormat;
  readonly bytes: number;
}

export type FileFormat = "json" | "csv" | "parquet" | "orc";

const EXTENSIONS: Readonly<Record<string, FileFormat>> = {
  json: "json",
  jsonl: "json",
  ndjson: "json",
  csv: "csv",
  tsv: "csv",
  parquet: "parquet",
  orc: "orc",
};

const OPTION = "--input";

/**
 * Turns `NAME=PATH` arguments into the files that they mean: PATH is a file, a folder or a glob.
 *
 * @throws InputError with everything that is wrong with any of them.
 */
export function resolveInputs(args: readonly string[], datasets: readonly Dataset[]): Input[] {
  const faults: Fault[] = [];
  const inputs = args.flatMap((argument) => {
    const resolved = resolveInput(argument, datasets);
    if (Array.isArray(resolved)) return resolved;
    faults.push(resolved);
    return [];
  });
  for (const { dataset, path, format } of inputs) {
    const fault = unreadable(path) ?? unfit(dataset, path, format);
    if (fault) faults.push(fault);
  }
  refuse(faults);
  return inputs;
}

function resolveInput(argument: string, datasets: readonly Dataset[]): Input[] | Fault {
  const equals = argument.indexOf("=");
  if (equals < 1 || equals === argument.length - 1) {
    return {
      where: OPTION,
      message: "is not NAME=PATH",
      found: argument,
      allowed: "a dataset's name, =, and a file, folder or glob",
    };
  }
  const name = argument.slice(0, equals);
  const path = argument.slice(equals + 1);
  const fed = datasets.filter(takesInput);
  const dataset = fed.find((each) => each.name === name);
  if (!dataset) {
    const known = datasets.some((each) => each.name === name);
    const message = known
      ? "is a dataset that takes no files: it is computed, or copied from a database"
      : "is not a dataset";
    return { where: OPTION, message, found: name, allowed: fed.map((each) => each.name).join(", ") };
  }
  const paths = expandPath(path);
  if (paths.length === 0) return { where: OPTION, key: name, message: "no such file", found: path };
  return paths.map((each) => ({ dataset, path: each, format: formatOf(each, dataset), bytes: sizeOf(each) }));
}

/** Datasets that files or events come into from outside. */
export function takesInput(dataset: Dataset): boolean {
  return dataset.source.kind === "files" || dataset.source.kind === "stream";
}

/** By the file's extension; the declared format where the extension says nothing. */
export function formatOf(path: string, dataset: Dataset): FileFormat {
  const extension = path.toLowerCase().replace(/\.gz$/, "").split(".").at(-1) ?? "";
  const declared = dataset.source.kind === "files" ? dataset.source.format : "json";
  return EXTENSIONS[extension] ?? declared;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function unreadable(path: string): Fault | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile() ? undefined : { where: path, message: "is not a file" };
  } catch (error) {
    return { where: path, message: `cannot be read: ${(error as Error).message}` };
  }
}

/** A file goes into raw as it is, so it must be what the dataset's job reads; events are converted on the way. */
function unfit(dataset: Dataset, path: string, format: FileFormat): Fault | undefined {
  if (dataset.source.kind !== "files" || dataset.source.format === format) return undefined;
  return { where: path, message: `is not of ${dataset.name}'s format`, found: format, allowed: dataset.source.format };
}
