/** Kinesis bills by 25 KB and Firehose by 5 KB a record: a record of nearly 25 KB wastes next to nothing of either. */
export const TARGET_BYTES = 25_000;
/** Kinesis' limit on a record, its partition key taken off. */
export const MAX_EVENT_BYTES = 1_048_576 - 256;

/**
 * Packs events into records: JSON objects, one a line, as the lake's archive and its jobs read them. There is no line
 * feed inside an event, because JSON writes it as `\n`; none follows the last one, because the archive adds it.
 */
export class Aggregator {
  private lines: string[] = [];
  private bytes = 0;

  constructor(private readonly targetBytes = TARGET_BYTES) {}

  /**
   * Takes one more event.
   *
   * @returns the record that is full now, if one is.
   * @throws RangeError for an event that no record holds.
   */
  add(event: object): Record | undefined {
    const line = JSON.stringify(event);
    const size = Buffer.byteLength(line) + 1;
    if (size > MAX_EVENT_BYTES) throw new RangeError(`an event of ${size} bytes; Kinesis takes ${MAX_EVENT_BYTES}`);
    const full = this.bytes > 0 && this.bytes + size > this.targetBytes ? this.flush() : undefined;
    this.lines.push(line);
    this.bytes += size;
    return full;
  }

  /** What was added since the last record. */
  flush(): Record | undefined {
    if (this.lines.length === 0) return undefined;
    const record = { data: Buffer.from(this.lines.join("\n")), events: this.lines.length };
    this.lines = [];
    this.bytes = 0;
    return record;
  }
}

/** One record of Kinesis and how many events it holds. */
export interface Record {
  readonly data: Buffer;
  readonly events: number;
}
