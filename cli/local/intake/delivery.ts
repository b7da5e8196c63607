import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import { DeliveryBuffer, type DeliveredObject, type DeliverySettings } from "./delivery-stream";

const MAX_RECORDS = 10_000;
const IDLE_MS = 100;

/**
 * A local stand-in for a Firehose delivery stream: reads every shard from LATEST, as Firehose does with a Kinesis source,
 * and writes what it read as the declared delivery stream would.
 */
export class LocalDelivery {
  private constructor(
    private readonly kinesis: KinesisClient,
    private readonly settings: DeliverySettings,
    private iterators: string[],
  ) {}

  /** Takes its place at the end of every shard; what is sent from now on will be delivered. */
  static async attach(kinesis: KinesisClient, settings: DeliverySettings): Promise<LocalDelivery> {
    const shards = (await kinesis.send(new ListShardsCommand({ StreamName: settings.stream }))).Shards ?? [];
    const iterators = await Promise.all(
      shards.map(async ({ ShardId }) => {
        const place = { StreamName: settings.stream, ShardId, ShardIteratorType: "LATEST" } as const;
        return (await kinesis.send(new GetShardIteratorCommand(place))).ShardIterator ?? "";
      }),
    );
    return new LocalDelivery(kinesis, settings, iterators);
  }

  /**
   * Reads and writes until the producer has ended and every shard is read to its end.
   *
   * @returns how many records were delivered.
   */
  async run(producerEnded: () => boolean, write: (object: DeliveredObject) => Promise<void>): Promise<number> {
    const buffer = new DeliveryBuffer(this.settings, randomUUID);
    let delivered = 0;
    const deliver = async (object: DeliveredObject | undefined): Promise<void> => {
      if (!object) return;
      await write(object);
      delivered += object.records;
    };
    for (;;) {
      // Asked before reading: what was sent until then is seen by this round, so an empty one is the end.
      const last = producerEnded();
      let read = 0;
      for (const [shard, iterator] of this.iterators.entries()) {
        const answer = await this.kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: MAX_RECORDS }));
        this.iterators[shard] = answer.NextShardIterator ?? iterator;
        for (const { Data, ApproximateArrivalTimestamp } of answer.Records ?? []) {
          await deliver(
            buffer.add({ data: Data ?? new Uint8Array(), arrivedAt: ApproximateArrivalTimestamp ?? new Date() }),
          );
          read += 1;
        }
      }
      if (read > 0) continue;
      if (last) break;
      await sleep(IDLE_MS);
    }
    await deliver(buffer.flush());
    return delivered;
  }
}
