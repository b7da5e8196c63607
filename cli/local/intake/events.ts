import { createHash } from "node:crypto";
import type { Dataset } from "../../../declarations/dataset";

/** One event as a producer sends it: bytes that nobody on the way looks into. */
export interface Event {
  readonly data: Buffer;
  readonly partitionKey: string;
}

/** Kinesis' limit for a record's data and partition key together. */
export const MAX_EVENT_BYTES = 1_048_576;
/** Kinesis' limit for a partition key, in characters. */
const MAX_PARTITION_KEY = 256;

/**
 * The partition key: the values of the dataset's key, so that all versions of one row meet in one shard. A line that is
 * not an object, or a dataset without key, is spread by its content.
 */
export function partitionKeyOf(dataset: Pick<Dataset, "key" | "columns">, line: Buffer): string {
  const fields = keyFields(dataset);
  const event = fields.length > 0 ? parseObject(line) : undefined;
  if (event === undefined) return createHash("md5").update(line).digest("hex");
  const key = fields.map((field) => String(event[field])).join("|");
  return key.length <= MAX_PARTITION_KEY ? key : createHash("md5").update(key).digest("hex");
}

/** The key's columns by the names that the source uses. */
function keyFields({ key, columns }: Pick<Dataset, "key" | "columns">): string[] {
  return (key ?? []).map((name) => columns.find((column) => column.name === name)?.from ?? name);
}

function parseObject(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line.toString("utf8")) as unknown;
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of a byte stream without their line ends; blank lines are no records. Bytes stay as they are. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(start, end)]) : chunk.subarray(start, end);
      rest = [];
      start = end + 1;
      const stripped = withoutReturn(line);
      if (!isBlank(stripped)) yield stripped;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = withoutReturn(Buffer.concat(rest));
  if (!isBlank(last)) yield last;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === SPACE);
}
