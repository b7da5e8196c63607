import { gzipSync } from "node:zlib";

/** What a declared Firehose delivery stream does with a Kinesis stream's records. */
export interface DeliverySettings {
  readonly name: string;
  /** Name of the Kinesis stream that it reads. */
  readonly stream: string;
  readonly bucket: string;
  /** Key prefix with Firehose's expressions, as `flights/arrived=!{timestamp:yyyy-MM-dd'T'HH}/`. */
  readonly prefix: string;
  readonly bufferBytes: number;
  readonly bufferSeconds: number;
  /** Put after every record; empty when the stream is declared without `AppendDelimiterToRecord`. */
  readonly delimiter: string;
  readonly compression: "UNCOMPRESSED" | "GZIP";
}

export interface StreamRecord {
  readonly data: Uint8Array;
  readonly arrivedAt: Date;
}

export interface DeliveredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly records: number;
}

/**
 * Collects records into objects as the delivery stream would: one object when the buffer is full, or when its oldest
 * record has waited for the buffer interval. Holds no clock: the records' own arrival times decide.
 */
export class DeliveryBuffer {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private records = 0;
  private oldest: Date | undefined;
  private readonly delimiter: Buffer;

  constructor(
    private readonly settings: DeliverySettings,
    private readonly uuid: () => string,
  ) {
    this.delimiter = Buffer.from(settings.delimiter);
  }

  /** Adds a record; returns the object that became due before it, if one did. */
  add(record: StreamRecord): DeliveredObject | undefined {
    const size = record.data.byteLength + this.delimiter.byteLength;
    const due = this.isFull(size) || this.hasWaited(record.arrivedAt) ? this.flush() : undefined;
    this.oldest ??= record.arrivedAt;
    this.chunks.push(record.data);
    if (this.delimiter.byteLength > 0) this.chunks.push(this.delimiter);
    this.bytes += size;
    this.records += 1;
    return due;
  }

  /** What is left when the stream has nothing more to give and the interval runs out. */
  flush(): DeliveredObject | undefined {
    if (!this.oldest) return undefined;
    const plain = Buffer.concat(this.chunks, this.bytes);
    const gzip = this.settings.compression === "GZIP";
    const delivered = {
      key: objectKey(this.settings, this.oldest, this.uuid()),
      body: gzip ? gzipSync(plain) : plain,
      records: this.records,
    };
    this.chunks = [];
    this.bytes = 0;
    this.records = 0;
    this.oldest = undefined;
    return delivered;
  }

  private isFull(next: number): boolean {
    return this.bytes > 0 && this.bytes + next > this.settings.bufferBytes;
  }

  private hasWaited(now: Date): boolean {
    return this.oldest !== undefined && now.getTime() - this.oldest.getTime() >= this.settings.bufferSeconds * 1000;
  }
}

/**
 * `<prefix><name>-1-YYYY-MM-DD-HH-mm-ss-<uuid>[.gz]`, with the arrival of the oldest record in UTC.
 * Source: Firehose's developer guide, "Configure Amazon S3 object name format" and "Understand custom prefixes".
 */
export function objectKey({ name, prefix, compression }: DeliverySettings, oldest: Date, uuid: string): string {
  const time = formatTime("yyyy-MM-dd-HH-mm-ss", oldest);
  return `${expandPrefix(prefix, oldest, uuid)}${name}-1-${time}-${uuid}${compression === "GZIP" ? ".gz" : ""}`;
}

const EXPRESSION = /!\{([^:}]+):([^}]*)\}/g;

/**
 * Evaluates a prefix's expressions.
 *
 * @throws Error for an expression that this stand-in does not know: a wrong key would be worse.
 */
export function expandPrefix(prefix: string, oldest: Date, uuid: string): string {
  // Firehose adds the hour by itself to a prefix that does not say where it goes.
  const whole = prefix.includes("!{timestamp:") ? prefix : `${prefix}!{timestamp:yyyy/MM/dd/HH/}`;
  return whole.replace(EXPRESSION, (expression, namespace: string, value: string) => {
    if (namespace === "timestamp") return formatTime(value, oldest);
    if (namespace === "firehose" && value === "random-string") return uuid.replaceAll("-", "").slice(0, 11);
    throw new Error(`the local delivery stream does not know ${expression} in ${prefix}`);
  });
}

/** Java's DateTimeFormatter patterns as far as object keys need them, in UTC; `'T'` is literal text. */
function formatTime(pattern: string, time: Date): string {
  const iso = time.toISOString();
  const fields: Record<string, string> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  return pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (part, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    const value = fields[part];
    if (value === undefined)
      throw new Error(`the local delivery stream does not know "${part}" in the time pattern ${pattern}`);
    return value;
  });
}
