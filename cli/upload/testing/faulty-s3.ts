import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startFaultProxy, type FaultProxy } from "./fault-proxy";
import { startLocalS3, type LocalS3 } from "./local-s3";

/** An S3, and a proxy in front of it that a test can let go wrong. */
export interface FaultyS3 {
  readonly s3: LocalS3;
  readonly proxy: FaultProxy;
}

/** Sets both up before a file's tests, lets nothing of one test reach the next, and removes `folder` with them. */
export function useFaultyS3(folder: string): FaultyS3 {
  let s3: LocalS3;
  let proxy: FaultProxy;
  beforeAll(async () => {
    s3 = await startLocalS3();
    proxy = await startFaultProxy(() => s3.endpoint());
  });
  afterEach(() => {
    proxy.plan = () => undefined;
    proxy.onBytes = () => undefined;
    proxy.seen.length = 0;
    proxy.most = 0;
  });
  afterAll(async () => {
    await proxy.close();
    await s3.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get s3() {
      return s3;
    },
    get proxy() {
      return proxy;
    },
  };
}
