import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Connection } from "../request";
import "../../quiet-sdk";

/** The SDK would print that it does not send a stream again, which is our business. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const IDLE_MS = 30_000;
const CONNECT_MS = 5_000;

/**
 * An S3 client for uploads: retries and checksums are ours, connections are kept. Without an endpoint, the bucket's own
 * region is asked for, because a body cannot be redirected once it is sent.
 */
export async function connectS3(connection: Connection, bucket: string, sockets: number): Promise<S3Client> {
  if (connection.endpointUrl !== undefined) return clientFor(connection, sockets);
  const asking = clientFor(connection, 1);
  try {
    return clientFor({ ...connection, region: (await regionOf(asking, bucket)) ?? connection.region }, sockets);
  } finally {
    asking.destroy();
  }
}

/** S3 tells the region in the headers of every answer to HEAD, also of a refusal or redirection. */
async function regionOf(client: S3Client, bucket: string): Promise<string | undefined> {
  try {
    return (await client.send(new HeadBucketCommand({ Bucket: bucket }))).BucketRegion;
  } catch (error) {
    // Whatever else is wrong shows in the first request that matters, with its explanation.
    return (error as { $response?: { headers?: Record<string, string> } }).$response?.headers?.["x-amz-bucket-region"];
  }
}

function clientFor({ region, endpointUrl, credentials, idleMs = IDLE_MS }: Connection, sockets: number): S3Client {
  const agent = { keepAlive: true, maxSockets: sockets };
  const client = new S3Client({
    region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    logger: SILENT,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // Waiting to be told to go on costs a round trip a part, and a connection that is not kept.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: idleMs,
      httpAgent: agent,
      httpsAgent: agent,
      // The pace says how many requests there are; none waits for a socket.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
    },
  });
  client.middlewareStack.add((next) => (args) => next(signBody(args)), { step: "build", name: "signBody" });
  return client;
}

/**
 * Signs a body by the SHA-256 that goes with it as its checksum. The SDK would leave a stream unsigned, which is only
 * right over TLS, and hash a buffer a second time.
 */
function signBody<T extends { readonly request: unknown }>(args: T): T {
  const { headers } = args.request as { readonly headers: Record<string, string> };
  const checksum = headers["x-amz-checksum-sha256"];
  if (checksum !== undefined) headers["x-amz-content-sha256"] = Buffer.from(checksum, "base64").toString("hex");
  return args;
}

function ignore(): void {
  return undefined;
}
