import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { Aggregator, type Record } from "./aggregate";
import { MAX_CALL_BYTES, MAX_RECORDS, putRecords, type RetryOptions } from "./put-records";

export interface ProducerOptions extends RetryOptions {
  readonly targetBytes?: number;
  /** The longest that an event waits for others to be sent with. */
  readonly lingerMs?: number;
}

export interface Sent {
  events: number;
  records: number;
  bytes: number;
  /** Records that were sent more than once. */
  again: number;
}

/** Sends events to one stream, several to a record and several records to a call. */
export class Producer {
  readonly sent: Sent = { events: 0, records: 0, bytes: 0, again: 0 };
  private readonly aggregator: Aggregator;
  private full: Record[] = [];
  private fullBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly kinesis: Pick<KinesisClient, "send">,
    private readonly stream: string,
    private readonly options: ProducerOptions = {},
  ) {
    this.aggregator = new Aggregator(options.targetBytes);
  }

  /**
   * Takes an event; waits while the stream takes no more, so that memory does not fill.
   *
   * @throws Undelivered when an earlier event could not be sent.
   */
  async send(event: object): Promise<void> {
    const record = this.aggregator.add(event);
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), this.options.lingerMs ?? 1_000);
    if (record) await this.enqueue(record);
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const record = this.aggregator.flush();
    if (record) await this.enqueue(record);
    this.putFull();
    await this.sending;
  }

  private async enqueue(record: Record): Promise<void> {
    if (this.full.length === MAX_RECORDS || this.fullBytes + record.data.byteLength > MAX_CALL_BYTES / 2) {
      // One call is on its way and one is filled: no more than that is held.
      await this.sending;
      this.putFull();
    }
    this.full.push(record);
    this.fullBytes += record.data.byteLength;
  }

  private putFull(): void {
    const records = this.full;
    if (records.length === 0) return;
    this.full = [];
    this.fullBytes = 0;
    this.sending = this.sending.then(async () => {
      this.sent.again += await putRecords(this.kinesis, this.stream, records, this.options);
      for (const { data, events } of records) {
        this.sent.events += events;
        this.sent.records += 1;
        this.sent.bytes += data.byteLength;
      }
    });
    // Told to whoever sends next or flushes; until then it is nobody's.
    this.sending.catch(() => undefined);
  }
}
