import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { runUpload } from "./testing/command";
import { useFaultyS3 } from "./testing/faulty-s3";
import { BUCKET } from "./testing/local-s3";
import { writeNoise } from "./testing/random";

vi.setConfig({ testTimeout: 120_000 });

const MIB = 2 ** 20;
/** What the command may take besides its parts. */
const BESIDES = 150e6;
const folder = mkdtempSync(join(tmpdir(), "basin-upload-memory-"));
const peak = join(folder, "peak");
const hook = join(folder, "hook.js");
const faulty = useFaultyS3(folder);

beforeAll(() => {
  // The process itself says, as it ends, what the kernel counted. Linux counts into `maxRSS` what the process that
  // started it held; its own peak is in /proc.
  writeFileSync(
    hook,
    `const { existsSync, readFileSync, writeFileSync } = require("node:fs");
    process.on("exit", () => {
      const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
      const own = /VmHWM:\\s+(\\d+)/.exec(status);
      writeFileSync(${JSON.stringify(peak)}, String(own ? own[1] : process.resourceUsage().maxRSS));
    });`,
  );
});

/** Sends a file of so many parts through the proxy; returns the most memory that the command had. */
async function peakOf(parts: number, partMib: number, options: readonly string[]): Promise<number> {
  const file = join(folder, "file");
  writeNoise(file, parts * partMib * MIB, 1);
  const to = `s3://${BUCKET}/${options.join("-").replaceAll(" ", "")}/`;
  const argv = [file, to, "--endpoint-url", faulty.proxy.endpoint, "--json", "-"];
  const env = { NODE_OPTIONS: `--require ${hook}` };
  const { code, stdout, stderr } = await runUpload([...argv, ...options], folder, env).ended;
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ objects: [{ parts, partsSent: parts }] });
  return Number(readFileSync(peak, "utf8")) * 1024;
}

test.each([
  [1, 8],
  [4, 16],
  [8, 16],
])("%i parts of %i MiB under way take no more memory than themselves and 150 MB", async (concurrency, partMib) => {
  const options = ["--concurrency", String(concurrency), "--part-size", `${partMib} MiB`];
  const bytes = await peakOf(16, partMib, options);
  expect(faulty.proxy.most).toBeLessThanOrEqual(concurrency);
  expect(bytes).toBeGreaterThan(concurrency * partMib * MIB);
  expect(bytes).toBeLessThanOrEqual(concurrency * partMib * MIB + BESIDES);
});

test("as many parts as were measured to help take no more memory than themselves and 150 MB", async () => {
  const partMib = 8;
  const bytes = await peakOf(64, partMib, ["--part-size", `${partMib} MiB`]);
  // It starts with 6 and moves on by what it measures.
  expect(faulty.proxy.most).toBeGreaterThanOrEqual(6);
  expect(bytes).toBeLessThanOrEqual(faulty.proxy.most * partMib * MIB + BESIDES);
});
