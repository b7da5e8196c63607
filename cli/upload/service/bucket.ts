import type { CreateMultipartUploadCommandInput, S3Client } from "@aws-sdk/client-s3";
import { reportedChecksum, type ChecksumFields, type ChecksumMethod } from "../checksum/method";
import type { Destination } from "../request";
import type { Payload } from "./body";
import { DirectPuts } from "./direct-put";
import { ChecksumMismatch, ChecksumUnknown, type RequestError } from "./failures";
import type { Meter } from "./meter";
import type { Pace } from "./pace";
import type { Retry } from "./retry";

/** What the service has confirmed. */
export interface Sent {
  readonly etag: string;
  readonly checksum: string;
}

type Body = ReturnType<Payload["open"]>;
type Answer = ChecksumFields & { readonly ETag?: string | undefined };

/** A request that carries data. */
export interface PayloadRequest {
  readonly attempt: (body: Body, abortSignal: AbortSignal) => Promise<Answer>;
  /** What the service says of it afterwards. */
  readonly ask: () => Promise<Answer | undefined>;
  /** Names of errors that the caller deals with. */
  readonly expected: readonly string[];
}

export interface BucketParts {
  readonly client: S3Client;
  readonly retry: Retry;
  readonly pace: Pace;
  readonly meter: Meter;
  readonly destination: Destination;
  readonly method: ChecksumMethod;
}

/** The bucket that an upload goes to, and how its requests are sent and proved. */
export class Bucket {
  readonly client: S3Client;
  readonly direct: DirectPuts;
  readonly method: ChecksumMethod;
  readonly name: string;

  constructor(private readonly parts: BucketParts) {
    this.client = parts.client;
    this.direct = new DirectPuts(parts.client);
    this.method = parts.method;
    this.name = parts.destination.bucket;
  }

  /** `s3://bucket/key`. */
  address(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  /** The bucket, and whose it must be. */
  get place(): { Bucket: string; ExpectedBucketOwner?: string } {
    const { owner } = this.parts.destination;
    return { Bucket: this.name, ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) };
  }

  at(key: string): { Bucket: string; ExpectedBucketOwner?: string; Key: string } {
    return { ...this.place, Key: key };
  }

  /** How a new object is kept. A bucket that says so itself needs no header. */
  kept(): Pick<CreateMultipartUploadCommandInput, "SSEKMSKeyId" | "ServerSideEncryption" | "StorageClass"> {
    const { kmsKeyId, storageClass } = this.parts.destination;
    const { encryption = kmsKeyId && "aws:kms" } = this.parts.destination;
    return {
      ...(encryption && { ServerSideEncryption: encryption }),
      ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
      ...(storageClass === undefined ? {} : { StorageClass: storageClass }),
    };
  }

  /** Sends a request, again where that helps. Errors with an expected name are thrown as they came. */
  async send<T>(
    key: string,
    attempt: (abortSignal: AbortSignal) => Promise<T>,
    expected: readonly string[] = [],
  ): Promise<T> {
    return await this.parts.retry.run(this.address(key), attempt, expected);
  }

  /** As `send`; undefined where the service answers with one of these errors. */
  async sendUnless<T>(
    errors: readonly string[],
    key: string,
    attempt: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.send(key, attempt, errors);
    } catch (error) {
      if (errors.includes((error as RequestError).name)) return undefined;
      throw error;
    }
  }

  /**
   * As `send`, for a request that carries data: it counts for progress and pace, and must be proved, by its answer or by
   * what the service says when it is asked.
   */
  async sendPayload(key: string, payload: Payload, { attempt, ask, expected }: PayloadRequest): Promise<Sent> {
    const { pace, meter } = this.parts;
    return await this.send(
      key,
      async (abortSignal) => {
        const began = performance.now();
        let taken = 0;
        const body = payload.open((bytes) => {
          taken += bytes;
          meter.sent(bytes);
        });
        try {
          const sent = await this.proved(key, payload.checksum, await attempt(body, abortSignal), ask);
          pace.delivered(payload.bytes, performance.now() - began);
          return sent;
        } catch (error) {
          meter.sent(-taken);
          throw error;
        }
      },
      expected,
    );
  }

  /**
   * Compares what was sent with what the service has got. Some services compute a checksum, but only tell who asks.
   *
   * @throws ChecksumMismatch when they are not the same.
   * @throws ChecksumUnknown when the service does not say.
   */
  async proved(key: string, sent: string, answer: Answer, ask: () => Promise<Answer | undefined>): Promise<Sent> {
    const reported = reportedChecksum(this.method, answer) ?? reportedChecksum(this.method, (await ask()) ?? {});
    if (reported === undefined) throw new ChecksumUnknown();
    if (reported !== sent) throw new ChecksumMismatch(this.address(key), sent, reported);
    return { etag: answer.ETag ?? "", checksum: reported };
  }
}
