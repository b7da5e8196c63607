import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import type { Dataset } from "../../../declarations/dataset";
import { parseSparkType } from "../../../declarations/spark-types";
import { columnarLines } from "./columnar";
import { linesOf } from "./events";
import type { Input } from "./inputs";
import { csvOptions, readBytes } from "./source-rows";

/**
 * An input as the events that a producer would send: JSON lines as they are, broken ones too; other formats converted,
 * one event a row.
 */
export function eventLines({ path, format, dataset }: Input, python: string): AsyncIterable<Buffer> {
  switch (format) {
    case "json":
      return linesOf(readBytes(path));
    case "csv":
      return csvEvents(path, dataset);
    case "parquet":
    case "orc":
      return linesOf(columnarLines(python, path, format));
  }
}

async function* csvEvents(path: string, dataset: Dataset): AsyncGenerator<Buffer> {
  const parser = parse({ ...csvOptions(dataset), columns: true });
  const write = eventWriter(dataset);
  // The parser passes on whatever goes wrong in the file; nobody else listens.
  pipeline(readBytes(path), parser, () => undefined);
  for await (const record of parser) yield Buffer.from(write(record as Record<string, string>));
}

const NUMERIC = new Set(["tinyint", "smallint", "int", "bigint", "float", "double"]);
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * How a CSV record becomes an event. A number keeps its digits as they are written; text that is not of the declared
 * type stays text, so that the job rejects it and shows it.
 */
export function eventWriter(dataset: Pick<Dataset, "columns">): (record: Readonly<Record<string, string>>) => string {
  const types = new Map(dataset.columns.map((column) => [column.from ?? column.name, parseSparkType(column.type)]));
  const valueOf = (name: string, text: string): string => {
    const type = types.get(name);
    if (text === "") return "null";
    const numeric = type?.kind === "decimal" || (type?.kind === "atomic" && NUMERIC.has(type.name));
    if (numeric && JSON_NUMBER.test(text)) return text;
    if (type?.kind === "atomic" && type.name === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase();
    const nested = type && type.kind !== "atomic" && type.kind !== "decimal";
    return nested && isJson(text) ? text : JSON.stringify(text);
  };
  return (record) => {
    const fields = Object.entries(record).map(([name, text]) => `${JSON.stringify(name)}:${valueOf(name, text)}`);
    return `{${fields.join(",")}}`;
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
