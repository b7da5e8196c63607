import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { completeDataset, datasetFile, type Dataset } from "./dataset";
import { compare, graphRules } from "./dataset-graph";
import { datasetRules } from "./dataset-rules";
import { InputError, refuse, type Fault } from "./faults";
import { faultsOf } from "./zod-faults";

/** What a folder's dataset files say, and everything that is wrong with them. */
export interface ReadDatasets {
  /** Every file that has the form of a declaration, also where its values do not fit each other. */
  readonly datasets: readonly Dataset[];
  readonly faults: readonly Fault[];
  /** False when a file is missing from `datasets`, or their order has a cycle: nothing can be computed over them. */
  readonly complete: boolean;
}

/**
 * Reads every dataset file of a folder, in the order of their names.
 *
 * @throws InputError with every fault of every file at once.
 */
export function loadDatasets(folder: string): Dataset[] {
  const { datasets, faults } = readDatasets(folder);
  refuse(faults);
  return [...datasets];
}

/**
 * As `loadDatasets`, for who has more to check and tells all of it at once.
 *
 * @throws InputError when there is no folder, or nothing in it.
 */
export function readDatasets(folder: string): ReadDatasets {
  const read = datasetFilesOf(folder).map((file) => readDataset(join(folder, file)));
  const datasets = read.flatMap(({ dataset }) => dataset ?? []);
  const faults = read.flatMap((each) => each.faults);
  // A file that does not parse would also be missing in somebody's `from`: that second message would only confuse.
  const inGraph = datasets.length < read.length ? [] : graphRules(datasets);
  const complete = datasets.length === read.length && inGraph.length === 0;
  return { datasets, faults: [...faults, ...inGraph], complete };
}

function datasetFilesOf(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new InputError([
      { where: folder, message: "is not a folder", allowed: "a folder of dataset files (*.yaml)" },
    ]);
  }
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  if (files.length === 0) {
    throw new InputError([{ where: folder, message: "has no dataset file", allowed: "at least one <name>.yaml" }]);
  }
  return files.sort(compare);
}

/** One dataset, and everything that is wrong with its file; no dataset where the file has not even the form of one. */
function readDataset(file: string): { dataset?: Dataset; faults: readonly Fault[] } {
  const yaml = readYaml(file);
  if (yaml.faults.length > 0) return { faults: yaml.faults };
  if (yaml.value === null) return { faults: [{ where: file, message: "is empty", allowed: "a declaration" }] };
  const parsed = datasetFile.safeParse(yaml.value);
  if (!parsed.success) return { faults: faultsOf(parsed.error, file, yaml.value, datasetFile) };
  const dataset = completeDataset(parsed.data, file, readTransform(file));
  return { dataset, faults: [...datasetRules(parsed.data, file), ...fileRules(dataset)] };
}

/** Parses YAML 1.2 with the line of each fault. */
export function readYaml(file: string): { value: unknown; faults: Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { where: `${file}:${line}:${col}`, message: `is not YAML: ${error.message}` };
  });
  return { value: faults.length > 0 ? undefined : (document.toJS() as unknown), faults };
}

function readTransform(file: string): Dataset["transform"] {
  for (const [extension, language] of [
    [".sql", "sql"],
    [".py", "python"],
  ] as const) {
    const path = file.replace(/\.ya?ml$/, extension);
    if (existsSync(path)) return { language, path, text: readFileSync(path, "utf8") };
  }
  return undefined;
}

function fileRules(dataset: Dataset): Fault[] {
  const where = dataset.file;
  const faults: Fault[] = [];
  const stem = where.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  if (stem !== dataset.name) {
    faults.push({ where, key: "name", message: "is not the file's name", found: dataset.name, allowed: stem });
  }
  const beside = [".sql", ".py"]
    .map((extension) => where.replace(/\.ya?ml$/, extension))
    .filter((path) => existsSync(path));
  const derived = dataset.source.kind === "derived";
  if (derived && beside.length !== 1) {
    const message = beside.length === 0 ? "is derived, and nothing computes it" : "is computed twice";
    faults.push({
      where,
      message,
      found: beside.length === 0 ? undefined : beside,
      allowed: `${stem}.sql or ${stem}.py beside it`,
    });
  }
  if (!derived && beside.length > 0) {
    faults.push({
      where,
      message: "is not derived, but has code beside it",
      found: beside,
      allowed: "source.kind: derived",
    });
  }
  return faults;
}
