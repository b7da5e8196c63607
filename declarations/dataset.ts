import { z } from "zod";
import { volume, work } from "../capacity/volume";
import { pin, retention } from "../components/data-lake/retention";
import { breaking } from "./breaking";
import { columnName } from "./column-name";
import { DATASET_NAME, DATASET_NAME_FORM, LABEL, LABEL_FORM } from "./identifiers";
import { source } from "./source";
import { parseSparkType, TYPE_FORM } from "./spark-types";
import { duration } from "./units";

export const column = z.strictObject({
  name: columnName,
  type: z.string().refine((text) => parseSparkType(text) !== undefined, {
    message: `not a type of Spark SQL; allowed: ${TYPE_FORM}`,
  }),
  required: z.boolean().default(false),
  description: z.string().optional(),
  from: z.string().min(1).optional().describe("What the source calls the column."),
});
export type Column = z.output<typeof column>;

/**
 * One dataset file, every key of it. What needs more than one key (a key that is not a column, a peak below the mean)
 * is checked in `dataset-rules.ts`; what needs more than one file in `dataset-graph.ts`.
 */
export const datasetFile = z.strictObject({
  name: z.string().regex(DATASET_NAME, `not a dataset's name; allowed: ${DATASET_NAME_FORM}`),
  description: z.string().min(1),
  owner: z
    .string()
    .regex(LABEL, `not a team's name; allowed: ${LABEL_FORM}`)
    .describe("A team; roles and bills are by owner."),
  source,
  columns: z.array(column).min(1),
  key: z.array(columnName).min(1).optional(),
  sequence: columnName.optional().describe("Orders two versions of one key: the later wins."),
  checks: z.array(z.string().min(1)).default([]).describe("Spark SQL; a row for which one is false is rejected."),
  maxRejected: z.number().min(0).max(1).default(0.05),
  clusterBy: z
    .array(columnName)
    .min(1)
    .max(4)
    .optional()
    .describe("At most four: Delta's limit for clustering columns."),
  freshness: duration.describe("The age that a reader may find."),
  deadline: duration.optional().describe("The time that the step may take; half of freshness, at most 6 hours."),
  retention,
  volume: volume.optional().describe("Required unless derived."),
  work: work.optional().describe("scan; derived: shuffle"),
  writers: z.enum(["single", "several"]).default("single"),
  consumers: z.array(z.string().regex(LABEL, `not a consumer's name; allowed: ${LABEL_FORM}`)).default([]),
  subject: columnName.optional().describe("The column that says whose row it is."),
  exports: z.array(z.enum(["parquet", "orc"])).default([]),
  pins: z.array(pin).default([]),
  disposable: z.boolean().default(false),
  breaking: breaking.optional(),
});
export type DatasetFile = z.output<typeof datasetFile>;

/** A declared dataset with its defaults filled in, and the text that computes it when it is derived. */
export interface Dataset extends Omit<DatasetFile, "deadline" | "work"> {
  /** Seconds that its step may take. */
  readonly deadline: number;
  readonly work: z.output<typeof work>;
  /** The declaration's path, as it was given. */
  readonly file: string;
  /** `.sql` or `.py` beside the file; derived datasets only. */
  readonly transform?: { readonly language: "sql" | "python"; readonly path: string; readonly text: string };
}

const LONGEST_DEFAULT_DEADLINE = 6 * 3_600;

/** Fills the defaults that follow from other keys. A key's columns are required, whether their column says so or not. */
export function completeDataset(parsed: DatasetFile, file: string, transform?: Dataset["transform"]): Dataset {
  const key = new Set(parsed.key ?? []);
  return {
    ...parsed,
    columns: parsed.columns.map((each) => ({ ...each, required: each.required || key.has(each.name) })),
    deadline: parsed.deadline ?? Math.min(parsed.freshness / 2, LONGEST_DEFAULT_DEADLINE),
    work: parsed.work ?? (parsed.source.kind === "derived" ? "shuffle" : "scan"),
    file,
    transform,
  };
}

/** Silver holds what came in, gold what was derived. */
export function zoneOf(dataset: Pick<Dataset, "source">): "silver" | "gold" {
  return dataset.source.kind === "derived" ? "gold" : "silver";
}
