import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../../declarations/dataset";
import { eventWriter } from "./event-lines";
import { linesOf, partitionKeyOf, type Event } from "./events";
import { batchesOf, EventTooLarge, sendEvents } from "./kinesis-producer";

const COLUMNS = [
  { name: "id", type: "bigint", required: true, from: "ID" },
  { name: "price", type: "decimal(10,2)", required: false },
  { name: "open", type: "boolean", required: false },
  { name: "tags", type: "array<string>", required: false },
  { name: "note", type: "string", required: false },
];
const DATASET = { key: ["id"], columns: COLUMNS } as Pick<Dataset, "key" | "columns">;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function eventsOf(count: number, bytes = 1): AsyncIterable<Event> {
  const events = Array.from({ length: count }, (_, index) => ({
    data: Buffer.alloc(bytes, 97),
    partitionKey: String(index),
  }));
  return Readable.from(events) as AsyncIterable<Event>;
}

describe("lines", () => {
  test("are the same wherever the bytes are cut, without line ends and blank lines", async () => {
    const text = 'one\r\n\n  \ntwo\n{"three": "3"}';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const chunks = [Buffer.from(text.slice(0, cut)), Buffer.from(text.slice(cut))];
      const lines = (await all(linesOf(Readable.from(chunks)))).map(String);
      expect(lines).toEqual(["one", "two", '{"three": "3"}']);
    }
  });

  test("keep bytes that are no UTF-8", async () => {
    const [line] = await all(linesOf(Readable.from([Buffer.from([0x61, 0xff, 0x0a])])));
    expect(line).toEqual(Buffer.from([0x61, 0xff]));
  });
});

describe("a partition key", () => {
  test("is the dataset's key by the source's own names, so that versions of a row stay in order", () => {
    expect(partitionKeyOf(DATASET, Buffer.from('{"ID": 7, "note": "a"}'))).toBe("7");
    expect(partitionKeyOf(DATASET, Buffer.from('{"ID": 7, "note": "b"}'))).toBe("7");
  });

  test("is made of the content for a broken line and for a dataset without key", () => {
    expect(partitionKeyOf(DATASET, Buffer.from('{"ID": 7'))).toMatch(/^[0-9a-f]{32}$/);
    expect(partitionKeyOf({ columns: COLUMNS }, Buffer.from('{"ID": 7}'))).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("a CSV record as an event", () => {
  const write = eventWriter(DATASET);

  test("has JSON values of the declared types, with all digits, and null for nothing", () => {
    const event = write({ ID: "9007199254740993", price: "1.10", open: "True", tags: '["a"]', note: "" });
    expect(event).toBe('{"ID":9007199254740993,"price":1.10,"open":true,"tags":["a"],"note":null}');
  });

  test("leaves what is not of its type as text, for the job to reject", () => {
    expect(write({ ID: "seven", price: "1,10", note: "007" })).toBe('{"ID":"seven","price":"1,10","note":"007"}');
  });
});

describe("the producer", () => {
  test("puts at most 500 records and 5 MiB into a call", async () => {
    expect((await all(batchesOf(eventsOf(1_001)))).map((batch) => batch.length)).toEqual([500, 500, 1]);
    expect((await all(batchesOf(eventsOf(12, 1_000_000)))).map((batch) => batch.length)).toEqual([5, 5, 2]);
  });

  test("refuses a record that Kinesis would not take, by its number", async () => {
    await expect(all(batchesOf(eventsOf(1, 1_048_577)))).rejects.toThrow(EventTooLarge);
  });

  test("sends again what the stream refused, and nothing else", async () => {
    const taken: string[] = [];
    let refusals = 2;
    const send = ({ input }: { input: { Records: { PartitionKey: string }[] } }): Promise<unknown> => {
      const Records = input.Records.map(({ PartitionKey }) => {
        if (PartitionKey === "3" && refusals-- > 0) return { ErrorCode: "ProvisionedThroughputExceededException" };
        taken.push(PartitionKey);
        return {};
      });
      return Promise.resolve({ Records });
    };
    const kinesis = { send } as unknown as Parameters<typeof sendEvents>[0];
    expect(await sendEvents(kinesis, "stream", eventsOf(5), 2)).toBe(5);
    expect(taken).toEqual(["0", "1", "2", "4", "3"]);
  });
});
