import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PutRecordsCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import type { Record } from "./aggregate";

/** Limits of one PutRecords call. */
export const MAX_RECORDS = 500;
export const MAX_CALL_BYTES = 5 * 1_048_576;

export interface RetryOptions {
  readonly attempts?: number;
  readonly firstWaitMs?: number;
}

/** What the stream did not take, so that nothing is lost: the caller keeps it or sends it later. */
export class Undelivered extends Error {
  constructor(
    readonly records: readonly Record[],
    reason: string,
  ) {
    super(`the stream did not take ${records.length} records: ${reason}`);
    this.name = "Undelivered";
  }
}

/**
 * Sends records, and again those that were refused. PutRecords is not all or nothing: a throttled shard refuses its own
 * records and takes the others. A record that is sent twice does no harm, because the lake keeps one row a key.
 *
 * @returns how many records were sent again.
 * @throws Undelivered with what was refused every time.
 */
export async function putRecords(
  kinesis: Pick<KinesisClient, "send">,
  stream: string,
  records: readonly Record[],
  { attempts = 10, firstWaitMs = 100 }: RetryOptions = {},
): Promise<number> {
  let waiting = records;
  let again = 0;
  for (let attempt = 1; ; attempt += 1) {
    const refused = await putOnce(kinesis, stream, waiting);
    if (refused.records.length === 0) return again;
    if (attempt === attempts) throw new Undelivered(refused.records, refused.reason);
    waiting = refused.records;
    again += waiting.length;
    // Full jitter: producers that were refused together do not come back together.
    await sleep(Math.random() * firstWaitMs * 2 ** (attempt - 1));
  }
}

async function putOnce(
  kinesis: Pick<KinesisClient, "send">,
  stream: string,
  records: readonly Record[],
): Promise<{ records: readonly Record[]; reason: string }> {
  // A key of its own for each: the sequence column orders rows, so any shard will do, and all are filled alike.
  const entries = records.map(({ data }) => ({ Data: data, PartitionKey: randomUUID() }));
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records: entries }));
  const results = answer.Records ?? [];
  return {
    records: records.filter((_, index) => results[index]?.SequenceNumber === undefined),
    reason: results.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorMessage ?? "it gave no reason",
  };
}
