import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runUpload } from "./testing/command";
import { BUCKET, startLocalS3, type LocalS3 } from "./testing/local-s3";
import { writeNoise } from "./testing/random";

vi.setConfig({ testTimeout: 120_000 });

const MIB = 2 ** 20;
/** What the command may take besides its parts. */
const BESIDES = 150e6;
const folder = mkdtempSync(join(tmpdir(), "basin-upload-memory-"));
const peak = join(folder, "peak");
let s3: LocalS3;

beforeAll(async () => (s3 = await startLocalS3()));
afterAll(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [1, 8],
  [4, 16],
  [8, 16],
])("%i parts of %i MiB under way take no more memory than themselves and 150 MB", async (concurrency, partMib) => {
  const file = join(folder, "file");
  const parts = 16;
  writeNoise(file, parts * partMib * MIB, 1);
  // The process itself says, as it ends, what the kernel counted.
  const hook = join(folder, "hook.js");
  const say = `require("node:fs").writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on("exit", () => ${say});`);
  const options = ["--concurrency", String(concurrency), "--part-size", `${partMib} MiB`, "--json", "-"];
  const to = `s3://${BUCKET}/${concurrency}/`;
  const { code, stdout } = await runUpload([file, to, "--endpoint-url", s3.endpoint(), ...options], folder, {
    NODE_OPTIONS: `--require ${hook}`,
  }).ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ objects: [{ parts, partsSent: parts }] });
  const bytes = Number(readFileSync(peak, "utf8")) * 1024;
  expect(bytes).toBeGreaterThan(concurrency * partMib * MIB);
  expect(bytes).toBeLessThanOrEqual(concurrency * partMib * MIB + BESIDES);
});
