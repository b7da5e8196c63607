import { z } from "zod";
import { column, datasetFile, type Column, type DatasetFile } from "./dataset";

/**
 * The keys of a declaration with whose values nothing is wrong; a key left out of the file is `undefined` here, one with
 * a fault is not here at all. A column keeps its name where only its type is at fault.
 */
export type SoundPart = Partial<DatasetFile>;

/** What can be held against the rules, so that one fault in a file does not hide the others. */
export function soundPart(declaration: unknown): SoundPart {
  const declared = z.record(z.string(), z.unknown()).safeParse(declaration).data;
  if (!declared) return {};
  const columns = soundColumns(declared["columns"]);
  const sound = Object.entries<z.ZodType>(datasetFile.shape).flatMap(([key, schema]) => {
    const value = schema.safeParse(declared[key]);
    return value.success ? [[key, value.data] as const] : [];
  });
  return { ...Object.fromEntries(sound), ...(columns && { columns }) };
}

/** A type with a fault stands in as `string`, of which the rules ask nothing. */
const namedColumn = z.object({ name: column.shape.name, from: column.shape.from.catch(undefined) });

function soundColumns(declared: unknown): Column[] | undefined {
  const columns = z.array(z.unknown()).min(1).safeParse(declared).data?.map(soundColumn);
  return columns?.every((each) => each !== undefined) ? columns : undefined;
}

function soundColumn(declared: unknown): Column | undefined {
  const whole = column.safeParse(declared).data;
  const named = whole ?? namedColumn.safeParse(declared).data;
  return named && { type: "string", required: false, ...named };
}
