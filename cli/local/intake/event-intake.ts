import { PutObjectCommand } from "@aws-sdk/client-s3";
import { InputError } from "../../../declarations/faults";
import type { Intaking, Moved } from "./bring-in";
import { LocalDelivery } from "./delivery";
import { eventLines } from "./event-lines";
import { partitionKeyOf, type Event } from "./events";
import type { Input } from "./inputs";
import { EventTooLarge, sendEvents } from "./kinesis-producer";

/** Sends an input's events to the dataset's stream, while the delivery stream's stand-in writes them into raw. */
export async function bringInEvents(
  input: Input,
  willWrite: (key: string) => void,
  { clients, deliveries, streamOf, machine, python, progress }: Intaking,
): Promise<Moved> {
  const { dataset, path } = input;
  const stream = streamOf(dataset.name);
  const settings = deliveries.get(stream);
  if (!settings) throw new Error(`the plan has no delivery stream that reads ${stream}`);
  let bytes = 0;
  async function* events(): AsyncGenerator<Event> {
    for await (const data of eventLines(input, python)) {
      bytes += data.byteLength;
      yield { data, partitionKey: partitionKeyOf(dataset, data) };
    }
  }
  const delivery = await LocalDelivery.attach(clients.kinesis, settings);
  let ended = false;
  const sending = sendEvents(clients.kinesis, stream, events(), machine.requestsAtOnce, (sent) => {
    progress(`${dataset.name}: ${sent.toLocaleString("en")} events sent`);
  }).finally(() => (ended = true));
  const delivering = delivery.run(
    () => ended,
    async ({ key, body }) => {
      willWrite(key);
      await clients.s3.send(new PutObjectCommand({ Bucket: settings.bucket, Key: key, Body: body }));
    },
  );
  const [sent, delivered] = await bothOf(sending, delivering).catch((error: unknown) => {
    throw error instanceof EventTooLarge ? new InputError([{ where: path, message: error.message }]) : error;
  });
  if (sent !== delivered) throw new Error(`${stream}: ${sent} events were sent and ${delivered} were delivered`);
  return { rows: sent, bytes };
}

/** Both results, or the first failure once both have ended: what is still writing cannot be undone. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
