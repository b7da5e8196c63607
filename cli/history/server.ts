import { closeSync, openSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../../declarations/faults";
import type { Cleanup } from "../local/cleanup";
import { LOOPBACK } from "../local/aws/port";
import { startGroup, type ProcessGroup } from "../local/process-group";
import { lastLines, sparkEnvironment } from "../local/run-step";
import type { Toolchain } from "../local/toolchain";

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

/** Where event logs lie, and how S3 is reached there. */
export interface EventLogs {
  /** `s3://<bucket>/spark-events/<group>/`. */
  readonly directory: string;
  readonly region: string;
  /** Of the local AWS; AWS itself when left out. */
  readonly endpoint?: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Settings of Spark's history server, pure. Credentials are not among them: a command line is everybody's to read. */
export function historySettings({ directory, region, endpoint }: EventLogs, port: number): Record<string, string> {
  return {
    "spark.history.fs.logDirectory": directory,
    "spark.history.ui.port": String(port),
    "spark.history.fs.cleaner.enabled": "false",
    "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
    "spark.hadoop.fs.s3a.endpoint.region": region,
    "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
    ...(endpoint === undefined
      ? {}
      : {
          "spark.hadoop.fs.s3a.endpoint": endpoint,
          "spark.hadoop.fs.s3a.path.style.access": "true",
          "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        }),
  };
}

/**
 * Starts Spark's own history server on loopback and waits until it has read the logs.
 *
 * @returns its process, and the address of its page.
 * @throws InputError with the server's last words when it does not start.
 */
export async function startHistoryServer(
  logs: EventLogs,
  port: number,
  { toolchain, log, cleanup }: { readonly toolchain: Toolchain; readonly log: string; readonly cleanup: Cleanup },
): Promise<{ group: ProcessGroup; url: string }> {
  const output = openSync(log, "w");
  const server = ["org.apache.spark.deploy.history.HistoryServer"];
  const settings = Object.entries(historySettings(logs, port)).map(([key, value]) => `-D${key}=${value}`);
  const { accessKeyId, secretAccessKey, sessionToken } = logs.credentials;
  const group = await startGroup(join(toolchain.sparkHome, "bin", "spark-class"), server, {
    cwd: toolchain.sparkHome,
    env: {
      ...sparkEnvironment(toolchain),
      SPARK_DAEMON_CLASSPATH: toolchain.jars.join(delimiter),
      SPARK_HISTORY_OPTS: settings.join(" "),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    },
    stdio: ["ignore", output, output],
  }).finally(() => closeSync(output));
  cleanup.add(group.stop);
  const url = `http://${LOOPBACK}:${port}`;
  if (await answers(url, group)) return { group, url };
  throw new InputError([
    { where: "Spark's history server", message: `does not start; the end of ${log}:\n${lastLines(log)}` },
  ]);
}

async function answers(url: string, group: ProcessGroup): Promise<boolean> {
  const ended = group.ended.then(() => true);
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    if (await Promise.race([ended, sleep(POLL_MS, false)])) return false;
    const response = await fetch(`${url}/api/v1/applications`).catch(() => undefined);
    if (response?.ok) return true;
  }
  return false;
}
