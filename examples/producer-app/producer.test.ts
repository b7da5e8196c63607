import type { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { describe, expect, it } from "vitest";
import { Aggregator, MAX_EVENT_BYTES } from "./aggregate";
import { Producer } from "./producer";
import { putRecords, Undelivered } from "./put-records";

/** A stream that refuses what it is told to. */
class Stream {
  readonly taken: string[] = [];
  calls = 0;

  constructor(private readonly refuses: (record: number, call: number) => boolean = () => false) {}

  readonly client: Pick<KinesisClient, "send"> = {
    send: ((command: PutRecordsCommand) => {
      this.calls += 1;
      const Records = (command.input.Records ?? []).map(({ Data }, index) => {
        if (this.refuses(index, this.calls))
          return { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "slow" };
        this.taken.push(Buffer.from(Data ?? []).toString());
        return { SequenceNumber: String(this.taken.length) };
      });
      return Promise.resolve({ Records, $metadata: {} });
    }) as KinesisClient["send"],
  };

  /** As the archive writes it: a line feed after each record. */
  events(): unknown[] {
    const archive = this.taken.map((record) => `${record}\n`).join("");
    return archive
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  }
}

const EVENTS = Array.from({ length: 1_000 }, (_, index) => ({ id: index, note: "two\nlines, and é" }));
const records = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ data: Buffer.from(`{"id":${index}}`), events: 1 }));

describe("events", () => {
  it("are packed into records that fill what Kinesis and Firehose bill", async () => {
    const stream = new Stream();
    const producer = new Producer(stream.client, "flights");
    for (const event of EVENTS) await producer.send(event);
    await producer.flush();
    expect(stream.events()).toEqual(EVENTS);
    expect(producer.sent).toMatchObject({ events: 1_000, records: 2, again: 0 });
    const billed = stream.taken.reduce((sum, record) => sum + Math.ceil(Buffer.byteLength(record) / 5_000), 0);
    // Alone, each event is billed as one unit of 5 KB.
    expect(EVENTS.length / billed).toBeGreaterThanOrEqual(100);
  });

  it("do not wait for ever for others", async () => {
    const stream = new Stream();
    const producer = new Producer(stream.client, "flights", { lingerMs: 1 });
    await producer.send({ id: 1 });
    await expect.poll(() => stream.events()).toEqual([{ id: 1 }]);
  });

  it("are sent again when the stream refused them, and those alone", async () => {
    const stream = new Stream((record, call) => call <= 2 && record % 3 === 0);
    expect(await putRecords(stream.client, "flights", records(9), { firstWaitMs: 1 })).toBe(4);
    expect(stream.calls).toBe(3);
    expect(stream.events()).toHaveLength(9);
    expect(new Set(stream.taken).size).toBe(9);
  });

  it("that are refused every time come back, so that nothing is lost", async () => {
    const stream = new Stream((record) => record === 0);
    const failure = putRecords(stream.client, "flights", records(2), { attempts: 2, firstWaitMs: 1 });
    await expect(failure).rejects.toThrow("the stream did not take 1 records: slow");
    await failure.catch((error: unknown) => {
      expect((error as Undelivered).records.map(({ data }) => data.toString())).toEqual(['{"id":0}']);
    });
  });

  it("that were not taken are told to whoever sends on", async () => {
    const producer = new Producer(new Stream(() => true).client, "flights", { attempts: 1 });
    await producer.send({ id: 1 });
    await expect(producer.flush()).rejects.toThrow(Undelivered);
  });

  it("that no record holds are refused before anything is sent", () => {
    expect(() => new Aggregator().add({ text: "x".repeat(MAX_EVENT_BYTES) })).toThrow(RangeError);
  });
});
