import type { Dataset } from "../../../declarations/dataset";
import { InputError, refuse, type Fault } from "../../../declarations/faults";
import { expandSources, type Source } from "../../upload/source/expand";

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
    faults.push(...resolved.faults);
    return resolved.inputs;
  });
  refuse(faults);
  return inputs;
}

interface Resolved {
  readonly inputs: readonly Input[];
  readonly faults: readonly Fault[];
}

function resolveInput(argument: string, datasets: readonly Dataset[]): Resolved {
  const equals = argument.indexOf("=");
  const [name, path] = [argument.slice(0, equals), argument.slice(equals + 1)];
  if (equals < 1 || path === "") {
    const allowed = "a dataset's name, =, and a file, folder or glob";
    return refused({ where: OPTION, message: "is not NAME=PATH", found: argument, allowed });
  }
  const fed = datasets.filter(takesInput);
  const dataset = fed.find((each) => each.name === name);
  if (!dataset) {
    const known = datasets.some((each) => each.name === name);
    const message = known ? "takes no files: it is computed" : "is not a dataset";
    return refused({ where: OPTION, message, found: name, allowed: fed.map((each) => each.name).join(", ") });
  }
  try {
    const inputs = expandSources([path])
      .filter(isData)
      .map((source) => inputOf(source, dataset));
    if (inputs.length === 0) return refused({ where: path, message: "is a folder without data" });
    return { inputs, faults: inputs.flatMap(unfit) };
  } catch (error) {
    if (error instanceof InputError) return refused(...error.faults);
    throw error;
  }
}

function refused(...faults: Fault[]): Resolved {
  return { inputs: [], faults };
}

/** Hidden files and what other programs put beside their data (`_SUCCESS`, `_temporary`) are not data. */
function isData({ relative }: Source): boolean {
  return !relative.split("/").some((part) => /^[._]/.test(part));
}

function inputOf({ path, bytes = 0 }: Source, dataset: Dataset): Input {
  return { dataset, path, format: formatOf(path, dataset), bytes };
}

/** Datasets that files, events or a database's changes come into from outside. */
export function takesInput(dataset: Dataset): boolean {
  return dataset.source.kind !== "derived";
}

/** By the file's extension; the declared format where the extension says nothing. */
export function formatOf(path: string, dataset: Dataset): FileFormat {
  const extension = path.toLowerCase().replace(/\.gz$/, "").split(".").at(-1) ?? "";
  return EXTENSIONS[extension] ?? declaredFormat(dataset) ?? "json";
}

/** What the dataset's job reads; undefined where what comes in is converted on the way. */
function declaredFormat({ source }: Dataset): FileFormat | undefined {
  if (source.kind === "database") return "parquet";
  return source.kind === "files" ? source.format : undefined;
}

/** A file goes into raw as it is, so it must be what the dataset's job reads; events are converted on the way. */
function unfit({ dataset, path, format }: Input): Fault[] {
  const allowed = declaredFormat(dataset);
  if (allowed === undefined || allowed === format) return [];
  return [{ where: path, message: `is not of the format of ${dataset.name}`, found: format, allowed }];
}
