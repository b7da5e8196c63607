import { TextDecoder } from "node:util";
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
  if (format === "parquet" || format === "orc") return await countColumnarRows(python, path, format);
  const bytes = asciiCompatible(readBytes(path), dataset);
  return format === "json" ? await countLines(bytes) : await countCsv(bytes, dataset);
}

/**
 * Text whose line ends, quotes and delimiters are single bytes: every declared encoding but UTF-16 is so already, also
 * where a byte is wrong. Java takes UTF-16 without a byte order mark for big-endian.
 */
async function* asciiCompatible(bytes: AsyncIterable<Buffer>, { source }: Dataset): AsyncGenerator<Buffer> {
  const encoding = source.kind === "files" ? source.encoding : "UTF-8";
  if (!encoding.startsWith("UTF-16")) {
    yield* bytes;
    return;
  }
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    const little = encoding === "UTF-16LE" || (encoding === "UTF-16" && chunk[0] === 0xff && chunk[1] === 0xfe);
    decoder ??= new TextDecoder(little ? "utf-16le" : "utf-16be");
    yield Buffer.from(decoder.decode(chunk, { stream: true }));
  }
}

async function countLines(bytes: AsyncIterable<Buffer>): Promise<number> {
  let count = 0;
  for await (const line of linesOf(bytes)) count += line.length > 0 ? 1 : 0;
  return count;
}

async function countCsv(bytes: AsyncIterable<Buffer>, dataset: Dataset): Promise<number> {
  let count = 0;
  const parser = parse({ ...csvOptions(dataset), encoding: "latin1" });
  try {
    await pipeline(bytes, parser, async (records: AsyncIterable<unknown>) => {
      for await (const record of records) count += record === undefined ? 0 : 1;
    });
  } catch (error) {
    // A quote that is never closed makes one record of all that follows it.
    if ((error as { code?: string }).code !== "CSV_QUOTE_NOT_CLOSED") throw error;
    count += 1;
  }
  const { source } = dataset;
  const header = source.kind === "files" ? source.header : true;
  return Math.max(0, count - (header ? 1 : 0));
}

/** CSV as the declaration describes it. Lenient: a record that breaks the rules is one record all the same. */
export function csvOptions({ source }: Dataset): Options {
  const { delimiter, encoding } = source.kind === "files" ? source : { delimiter: ",", encoding: "UTF-8" };
  const delimiterBytes = Buffer.from(delimiter, encoding === "ISO-8859-1" ? "latin1" : "utf8");
  return { delimiter: delimiterBytes, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true };
}
