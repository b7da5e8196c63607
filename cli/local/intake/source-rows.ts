import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parse, type Options } from "csv-parse";
import type { Dataset } from "../../../declarations/dataset";
import { countColumnarRows } from "./columnar";
import { linesOf } from "./events";
import type { FileFormat } from "./inputs";

/** The bytes of a file, unpacked when its name says that it is packed. */
export function readBytes(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  if (!path.toLowerCase().endsWith(".gz")) return file;
  const unpacked = createGunzip();
  // Errors of the file reach the reader through the stream it reads.
  file.once("error", (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

/**
 * Counts the records of a file by means of its own, so that the job is checked against something that it did not write.
 * A damaged file is counted as far as it can be read.
 */
export async function countRows(path: string, format: FileFormat, dataset: Dataset, python: string): Promise<number> {
  if (format === "json") return await countLines(path);
  if (format === "csv") return await countCsv(path, dataset);
  return await countColumnarRows(python, path, format);
}

async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const line of linesOf(readBytes(path))) count += line.length > 0 ? 1 : 0;
  return count;
}

async function countCsv(path: string, dataset: Dataset): Promise<number> {
  let count = 0;
  const parser = parse(csvOptions(dataset));
  await pipeline(readBytes(path), parser, async (records: AsyncIterable<unknown>) => {
    for await (const record of records) count += record === undefined ? 0 : 1;
  });
  const { source } = dataset;
  const header = source.kind === "files" ? source.header : true;
  return Math.max(0, count - (header ? 1 : 0));
}

/** CSV as the declaration describes it. Lenient: a record that breaks the rules is one record all the same. */
export function csvOptions(dataset: Dataset): Options {
  const { source } = dataset;
  const [delimiter, encoding] = source.kind === "files" ? [source.delimiter, source.encoding] : [",", "UTF-8"];
  return {
    delimiter,
    // Single-byte reading finds the same records in any encoding that extends ASCII, also where a byte is wrong.
    encoding: encoding.startsWith("UTF-16") ? "utf16le" : "latin1",
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    raw: false,
  };
}
