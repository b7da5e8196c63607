import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../../../declarations/faults";
import { startGroup, type ProcessGroup } from "../process-group";
import type { StateFolder } from "../state/state-folder";
import type { Toolchain } from "../toolchain";
import type { LocalAws } from "./clients";
import { choosePort, LOOPBACK } from "./port";

/** Services that a run uses; the emulator starts faster without the others. */
const SERVICES: readonly string[] = ["s3", "kinesis", "glue", "dynamodb", "kms", "sts"];
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export interface RunningAws extends LocalAws {
  readonly process: ProcessGroup;
}

/**
 * Starts MiniStack on loopback with the lake's kept buckets, and waits until it answers.
 *
 * @param more services beside those of a run, by MiniStack's names
 * @throws InputError with the emulator's last words when it does not start.
 */
export async function startMiniStack(
  toolchain: Toolchain,
  state: StateFolder,
  account: Pick<LocalAws, "accountId" | "region">,
  more: readonly string[] = [],
): Promise<RunningAws> {
  const port = await choosePort();
  const log = logFile(state);
  const output = openSync(log, "w");
  const group = await startGroup(toolchain.python, ["-m", "ministack"], {
    cwd: state.folder,
    env: emulatorEnvironment(state, port, account.region, [...SERVICES, ...more]),
    stdio: ["ignore", output, output],
  }).finally(() => closeSync(output));
  const endpoint = `http://${LOOPBACK}:${port}`;
  const failure = await waitUntilHealthy(endpoint, group);
  if (failure === undefined) return { ...account, endpoint, process: group };
  await group.stop();
  throw new InputError([
    { where: "the local AWS (MiniStack)", message: `${failure}; its last lines:\n${lastLines(log)}` },
  ]);
}

export function logFile(state: StateFolder): string {
  return join(state.logs, "ministack.log");
}

function emulatorEnvironment(
  state: StateFolder,
  port: number,
  region: string,
  services: readonly string[],
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    BIND_HOST: LOOPBACK,
    GATEWAY_PORT: String(port),
    SERVICES: services.join(","),
    S3_PERSIST: "1",
    S3_DATA_DIR: state.buckets,
    MINISTACK_REGION: region,
    TMPDIR: state.temporary,
    LOG_LEVEL: "WARNING",
    // It would also open ports for SFTP and MQTT, and remove containers that an earlier emulator left in Docker.
    SFTP_ENABLED: "0",
    IOT_MTLS_ENABLED: "0",
    DOCKER_HOST: `unix://${join(state.temporary, "no-docker.sock")}`,
    PYTHONDONTWRITEBYTECODE: process.env.PYTHONDONTWRITEBYTECODE,
  };
}

/** Undefined once the emulator answers, else why it does not. */
async function waitUntilHealthy(endpoint: string, group: ProcessGroup): Promise<string | undefined> {
  let code: number | undefined;
  void group.ended.then((ended) => (code = ended));
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    if (code !== undefined) return `ended with code ${code} instead of starting`;
    if (await answers(endpoint)) return undefined;
    await sleep(POLL_MS);
  }
  return `did not answer within ${START_TIMEOUT_MS / 1000} s`;
}

export async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

const WRITE_FAILURE = /Failed to persist .*/;

/** The emulator only logs that it could not write an object to disk; such an object would be gone after the run. */
export function writeFailure(state: StateFolder): string | undefined {
  return WRITE_FAILURE.exec(readFileSync(logFile(state), "utf8"))?.[0];
}

function lastLines(file: string, count = 8): string {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-count);
  return lines.map((line) => `  ${line}`).join("\n");
}
