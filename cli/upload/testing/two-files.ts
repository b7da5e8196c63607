import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect } from "vitest";
import { upload, type ObjectReport, type UploadRequest } from "../index";
import type { Fault, SeenRequest } from "./fault-proxy";
import { useFaultyS3, type FaultyS3 } from "./faulty-s3";
import { BUCKET, CREDENTIALS } from "./local-s3";
import { writeNoise } from "./random";

export const MIB = 2 ** 20;
export const PART = 5 * MIB;
export const WORKERS = 3;

/** Two files, an S3, and a proxy in front of it that a test can let go wrong. */
export interface TwoFiles extends FaultyS3 {
  readonly folder: string;
  readonly large: { readonly path: string; readonly bytes: number; sha256: string };
  readonly small: { readonly path: string; readonly bytes: number; sha256: string };
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
  const faulty = useFaultyS3(folder);
  const ground: TwoFiles = {
    get s3() {
      return faulty.s3;
    },
    get proxy() {
      return faulty.proxy;
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
  beforeAll(() => {
    ground.rewriteLarge();
    ground.small.sha256 = writeNoise(ground.small.path, ground.small.bytes, 2);
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
