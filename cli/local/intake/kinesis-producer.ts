import { setTimeout as sleep } from "node:timers/promises";
import { PutRecordsCommand, type KinesisClient, type PutRecordsRequestEntry } from "@aws-sdk/client-kinesis";
import { MAX_EVENT_BYTES, type Event } from "./events";

/** Limits of one PutRecords call. */
const MAX_RECORDS = 500;
const MAX_CALL_BYTES = 5 * 1_048_576;
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 50;

/**
 * Sends events by PutRecords, several calls at once, and sends again what the stream did not take.
 *
 * @param onSent told how many were taken so far
 * @returns how many events were sent.
 * @throws EventTooLarge before the call that would hold it.
 */
export async function sendEvents(
  kinesis: Pick<KinesisClient, "send">,
  stream: string,
  events: AsyncIterable<Event>,
  callsAtOnce: number,
  onSent: (count: number) => void = () => undefined,
): Promise<number> {
  const batches = batchesOf(events);
  let sent = 0;
  const worker = async (): Promise<void> => {
    for (let next = await batches.next(); !next.done; next = await batches.next()) {
      await putBatch(kinesis, stream, next.value);
      sent += next.value.length;
      onSent(sent);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: callsAtOnce }, worker));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return sent;
}

export class EventTooLarge extends Error {
  constructor(
    readonly record: number,
    readonly bytes: number,
  ) {
    super(`record ${record} has ${bytes} bytes, and Kinesis takes at most ${MAX_EVENT_BYTES} with its partition key`);
    this.name = "EventTooLarge";
  }
}

/** Groups events by PutRecords' limits. */
export async function* batchesOf(events: AsyncIterable<Event>): AsyncGenerator<Event[], void> {
  let batch: Event[] = [];
  let bytes = 0;
  let position = 0;
  for await (const event of events) {
    position += 1;
    const size = event.data.byteLength + Buffer.byteLength(event.partitionKey);
    if (size > MAX_EVENT_BYTES) throw new EventTooLarge(position, size);
    if (batch.length === MAX_RECORDS || bytes + size > MAX_CALL_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function putBatch(kinesis: Pick<KinesisClient, "send">, stream: string, events: readonly Event[]): Promise<void> {
  let entries: PutRecordsRequestEntry[] = events.map(({ data, partitionKey }) => ({
    Data: data,
    PartitionKey: partitionKey,
  }));
  let wait = FIRST_WAIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records: entries }));
    // PutRecords is not all or nothing: a throttled shard refuses its own records and takes the others.
    const refused = entries.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
    if (refused.length === 0) return;
    const reason = answer.Records?.find((record) => record.ErrorCode)?.ErrorMessage ?? "no reason given";
    if (attempt === MAX_ATTEMPTS)
      throw new Error(`${stream} refused ${refused.length} records ${attempt} times: ${reason}`);
    await sleep(wait);
    wait *= 2;
    entries = refused;
  }
}
