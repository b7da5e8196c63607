import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Server, Tool } from "./tools";

const PORT = 7483;
export const ENDPOINT = `http://127.0.0.1:${PORT}`;
const KEY = "bench-key";
const SECRET = "bench-secret";
/** Memory is the server's disk, so that the disk is not what is measured. */
const STORE = "/dev/shm";

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

export interface RunningServer {
  readonly root: string;
  readonly stop: () => Promise<void>;
}

export async function startServer({ binary }: Server): Promise<RunningServer> {
  const root = mkdtempSync(join(STORE, "basin-bench-"));
  const env = { ...process.env, ROOT_ACCESS_KEY: KEY, ROOT_SECRET_KEY: SECRET };
  const child = spawn(binary, ["-q", "--keep-alive", "-p", `127.0.0.1:${PORT}`, "posix", root], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilListening(child);
  return {
    root,
    stop: async () => {
      child.kill();
      await once(child, "exit");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function untilListening(child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(PORT, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(100);
  }
  throw new Error("the S3 server ended at once");
}

/** Runs a tool once into a bucket of its own, which is removed again. */
export function measure(tool: Tool, source: string, bytes: number, { root }: RunningServer): Measured {
  const bucket = `bench-${process.hrtime.bigint()}`;
  const folder = join(root, bucket);
  mkdirSync(folder);
  try {
    const command = tool.command(source, statSync(source).isDirectory(), bucket);
    // GNU time: seconds, user and system seconds, and the most memory in KiB, on the last line.
    const { status, stderr } = spawnSync("/usr/bin/time", ["-f", "%e %U %S %M", ...command], {
      env: environment(),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
    const stored = bytesUnder(folder);
    if (stored !== bytes) throw new Error(`${tool.name} left ${stored} bytes of ${bytes}`);
    const [seconds = 0, user = 0, system = 0, kibibytes = 0] = (stderr.trim().split("\n").at(-1) ?? "")
      .split(" ")
      .map(Number);
    return { seconds, cpuSeconds: user + system, peakBytes: kibibytes * 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  const rclone = { TYPE: "s3", PROVIDER: "Other", ENV_AUTH: "true", ENDPOINT, REGION: "us-east-1" };
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ACCESS_KEY_ID: KEY,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    ...Object.fromEntries(Object.entries(rclone).map(([name, value]) => [`RCLONE_CONFIG_BENCH_${name}`, value])),
    RCLONE_CONFIG: "/dev/null",
  };
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".sgwtmp"))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** The 1-minute load, for who reads the figures. */
export function load(): string {
  return readFileSync("/proc/loadavg", "utf8").split(" ")[0] ?? "unknown";
}
