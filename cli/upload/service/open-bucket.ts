import type { ChecksumMethod } from "../checksum/method";
import type { Connection, Destination } from "../request";
import { Bucket } from "./bucket";
import { connectS3 } from "./client";
import type { Meter } from "./meter";
import type { Pace } from "./pace";
import { Retry } from "./retry";

export interface Opening {
  readonly connection: Connection;
  readonly destination: Destination;
  readonly method: ChecksumMethod;
  readonly pace: Pace;
  readonly meter: Meter;
  /** Stops every request. */
  readonly stop: AbortSignal;
}

/** A bucket for as long as some work takes. */
export async function withBucket<T>(
  { connection, destination, method, pace, meter, stop }: Opening,
  work: (bucket: Bucket) => Promise<T>,
): Promise<T> {
  const client = await connectS3(connection, destination.bucket, pace.most);
  const retry = new Retry(pace, stop);
  try {
    return await work(new Bucket({ client, retry, pace, meter, destination, method }));
  } finally {
    client.destroy();
  }
}
