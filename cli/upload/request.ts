import type { Readable } from "node:stream";
import type { S3ClientConfig, ServerSideEncryption, StorageClass } from "@aws-sdk/client-s3";
import type { Bytes, Seconds } from "../../declarations/units";
import type { Algorithm } from "./checksum/method";

/** Where objects go and how they are kept there. */
export interface Destination {
  readonly bucket: string;
  /**
   * Begins every key, as it is written: `in/2026/`. Without a slash at its end it is the whole key of a single file, and
   * a folder for several.
   */
  readonly prefix: string;
  /** Key of the object, under the prefix, by the path relative to the folder that was named; the path itself otherwise. */
  readonly keyFor?: (relativePath: string) => string;
  /**
   * A dataset of the lake: objects lie under the hour of their arrival and get a manifest, which the ingestion checks
   * what it reads against (docs/upload.md). Prefix and `keyFor` have no say then.
   */
  readonly dataset?: string;
  /** Account that must own the bucket: nothing goes to a bucket of the same name in another one. */
  readonly owner?: string;
  /** How S3 encrypts, where the bucket's own default will not do, as one that demands the header. */
  readonly encryption?: ServerSideEncryption;
  /** KMS key by which it does. */
  readonly kmsKeyId?: string;
  readonly storageClass?: StorageClass;
}

/** How the service is reached. */
export interface Connection {
  readonly region: string;
  /** Another S3 than AWS's, addressed by path. */
  readonly endpointUrl?: string;
  /** The SDK's own chain (environment, profile, role) otherwise. */
  readonly credentials?: S3ClientConfig["credentials"];
  /** Milliseconds without a byte moving after which a request counts as lost; 30 s. */
  readonly idleMs?: number;
}

export interface UploadRequest extends Connection {
  /** Files, folders, globs; `-` is standard input. */
  readonly sources: readonly string[];
  readonly destination: Destination;
  /** Replaces what is there with other content; refused otherwise. */
  readonly overwrite?: boolean;
  /** Requests under way together; found by measuring otherwise. */
  readonly concurrency?: number;
  /** Part size of large objects; by size and measured throughput otherwise. */
  readonly partBytes?: Bytes;
  /** Folder for the hints by which an interrupted upload goes on faster. Losing it loses nothing. */
  readonly journalDir: string;
  /** SHA-256 unless the endpoint does not know it. */
  readonly algorithm?: Algorithm;
  /** What `-` reads, and what it is called in a folder or dataset. */
  readonly input?: Readable;
  readonly inputName?: string;
  /** The clock by which objects arrive. */
  readonly now?: () => Date;
  readonly onProgress?: (progress: Progress) => void;
  /** Something the user should know, as that a changed source starts over. */
  readonly onNotice?: (text: string) => void;
  /** Stops the upload; what was sent is kept for resuming. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  /** Bytes that are where they belong, in this run or before, and those on their way. */
  readonly bytes: Bytes;
  /** Undefined while standard input is read. */
  readonly totalBytes: Bytes | undefined;
  readonly bytesPerSecond: number;
  readonly objects: number;
  readonly totalObjects: number;
}

/** What became of one source. */
export interface ObjectReport {
  readonly source: string;
  /** `s3://bucket/key`. */
  readonly destination: string;
  readonly bytes: Bytes;
  /** Parts of the object; 1 for a single PUT. */
  readonly parts: number;
  /** Parts sent by this run: fewer where an earlier one had sent some, 0 for an object that was there already. */
  readonly partsSent: number;
  readonly seconds: Seconds;
  /** As S3 reports it: `SHA256:<base64>`, with `-<parts>` when it is the checksum of the parts' checksums. */
  readonly checksum: string;
}

/** upload.json. */
export interface UploadReport {
  readonly version: 1;
  readonly objects: readonly ObjectReport[];
}
