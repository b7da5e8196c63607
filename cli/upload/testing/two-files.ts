import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { upload, type ObjectReport, type UploadRequest } from "../index";
import { startFaultProxy, type Fault, type FaultProxy, type SeenRequest } from "./fault-proxy";
import { BUCKET, CREDENTIALS, startLocalS3, type LocalS3 } from "./local-s3";
import { writeNoise } from "./random";

export const MIB = 2 ** 20;
export const PART = 5 * MIB;
export const WORKERS = 3;

/** Two files, an S3, and a proxy in front of it that a test can let go wrong. */
export interface TwoFiles {
  readonly folder: string;
  readonly large: { readonly path: string; readonly bytes: number; sha256: string };
  readonly small: { readonly path: string; readonly bytes: number; sha256: string };
  readonly s3: LocalS3;
  readonly proxy: FaultProxy;
  /** Sends both under a prefix, through the proxy. */
  readonly send: (prefix: string, more?: Partial<UploadRequest>) => Promise<readonly ObjectReport[]>;
  /** Both are there, bit-identical, and no upload is left over. */
  readonly expectBoth: (prefix: string) => Promise<void>;
  /** Puts back what a test has changed in the large file. */
  readonly rewriteLarge: () => void;
}

/** Sets up all of it before a file's tests, and takes it down after them. */
export function useTwoFiles(): TwoFiles {
  const folder = mkdtempSync(join(tmpdir(), "basin-upload-faults-"));
  let s3: LocalS3;
  let proxy: FaultProxy;
  const ground: TwoFiles = {
    get s3() {
      return s3;
    },
    get proxy() {
      return proxy;
    },
    folder,
    large: { path: join(folder, "large"), bytes: 4 * PART - 1, sha256: "" },
    small: { path: join(folder, "small"), bytes: 200_000, sha256: "" },
    send: async (prefix, more = {}) => {
      const report = await upload({
        sources: [ground.large.path, ground.small.path],
        destination: { bucket: BUCKET, prefix },
        endpointUrl: ground.proxy.endpoint,
        region: "us-east-1",
        credentials: CREDENTIALS,
        journalDir: join(folder, "journal"),
        partBytes: PART,
        concurrency: WORKERS,
        ...more,
      });
      return report.objects;
    },
    expectBoth: async (prefix) => {
      expect(await ground.s3.sha256(`${prefix}large`)).toBe(ground.large.sha256);
      expect(await ground.s3.sha256(`${prefix}small`)).toBe(ground.small.sha256);
      expect(await ground.s3.open(prefix)).toEqual([]);
    },
    rewriteLarge: () => void (ground.large.sha256 = writeNoise(ground.large.path, ground.large.bytes, 1)),
  };
  beforeAll(async () => {
    ground.rewriteLarge();
    ground.small.sha256 = writeNoise(ground.small.path, ground.small.bytes, 2);
    s3 = await startLocalS3();
    proxy = await startFaultProxy(() => s3.endpoint());
  });
  afterEach(() => {
    proxy.plan = () => undefined;
    proxy.onBytes = () => undefined;
    proxy.seen.length = 0;
  });
  afterAll(async () => {
    await proxy.close();
    await s3.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return ground;
}

/** The fault for the first requests of an operation, so many times. */
export function times(fault: Fault, operation: string, count: number): (request: SeenRequest) => Fault | undefined {
  let left = count;
  return (request) => (request.operation === operation && left-- > 0 ? fault : undefined);
}

/** Lets so many parts through, and then says that the credentials have expired. */
export function expireAfter(parts: number): (request: SeenRequest) => Fault | undefined {
  let passed = 0;
  return ({ operation }) =>
    operation === "PUT part" && ++passed > parts ? { kind: "status", status: 403, code: "ExpiredToken" } : undefined;
}
