import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { completeDataset, datasetFile, type Dataset } from "./dataset";
import { compare, graphRules, type GraphNode } from "./dataset-graph";
import { datasetRules } from "./dataset-rules";
import { InputError, refuse, type Fault } from "./faults";
import { soundPart, type SoundPart } from "./sound-part";
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
  const inGraph = graphRules(read.map(({ node }) => node));
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

/** One file: its dataset where it has the form of one, its place in the graph in any case, and all its faults. */
interface ReadDataset {
  readonly dataset?: Dataset;
  readonly node: GraphNode;
  readonly faults: readonly Fault[];
}

function readDataset(file: string): ReadDataset {
  // A file whose name cannot be read would also be missing in somebody's `from`: that second message would only confuse.
  const unread: GraphNode = { name: stemOf(file), file };
  const yaml = readYaml(file);
  if (yaml.faults.length > 0) return { node: unread, faults: yaml.faults };
  if (yaml.value === null) {
    return { node: unread, faults: [{ where: file, message: "is empty", allowed: "a declaration" }] };
  }
  const parsed = datasetFile.safeParse(yaml.value);
  const sound = soundPart(yaml.value);
  return {
    dataset: parsed.success ? completeDataset(parsed.data, file, readTransform(file)) : undefined,
    node: { ...unread, ...(sound.name && { name: sound.name }), ...(sound.source && { source: sound.source }) },
    faults: [
      ...(parsed.success ? [] : faultsOf(parsed.error, file, yaml.value, datasetFile)),
      ...datasetRules(sound, file),
      ...fileRules(sound, file),
    ],
  };
}

function stemOf(file: string): string {
  return file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
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

function fileRules({ name, source }: SoundPart, where: string): Fault[] {
  const faults: Fault[] = [];
  const stem = stemOf(where);
  if (name !== undefined && name !== stem) {
    faults.push({ where, key: "name", message: "is not the file's name", found: name, allowed: stem });
  }
  return source ? [...faults, ...transformFaults(source.kind === "derived", where)] : faults;
}

/** A derived dataset is computed by one file beside its own, and no other dataset has one. */
function transformFaults(derived: boolean, where: string): Fault[] {
  const beside = [".sql", ".py"]
    .map((extension) => where.replace(/\.ya?ml$/, extension))
    .filter((path) => existsSync(path));
  if (!derived) {
    const allowed = "source.kind: derived";
    return beside.length === 0
      ? []
      : [{ where, message: "is not derived, but has code beside it", found: beside, allowed }];
  }
  const allowed = `${stemOf(where)}.sql or ${stemOf(where)}.py beside it`;
  if (beside.length === 0) return [{ where, message: "is derived, and nothing computes it", allowed }];
  return beside.length === 1 ? [] : [{ where, message: "is computed twice", found: beside, allowed }];
}
