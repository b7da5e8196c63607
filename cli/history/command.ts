import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { join } from "node:path";
import type { Environment } from "../../components/environment";
import { eventLogKey } from "../../components/spark-cluster/places";
import { InputError } from "../../declarations/faults";
import { LOCAL_SECRET } from "../local/aws/clients";
import { useLocalAws } from "../local/aws/local-aws";
import { choosePort } from "../local/aws/port";
import { withCleanup, type Cleanup } from "../local/cleanup";
import { recallLake } from "../local/lake-file";
import { takeLock } from "../local/state/lock";
import { openStateFolder, type StateFolder } from "../local/state/state-folder";
import { readToolchain, type Toolchain } from "../local/toolchain";
import { decidePlatform } from "../plan/plan";
import { processTerminal } from "../terminal";
import { startHistoryServer, type EventLogs } from "./server";

const DEFAULT_PORT = "18080";

interface Options {
  readonly stack?: string;
  readonly group?: string;
  readonly port: string;
}

export function historyCommand(): Command {
  return new Command("history")
    .description(
      "Start Spark's own history server over the event logs that runs have left, long after their clusters are gone.\n" +
        "Without --stack: over those of the local lake. Ctrl-C ends it.",
    )
    .option("--stack <name>", "read the logs of this stack, with this shell's AWS credentials")
    .option("--group <name>", "the group of datasets, where the stack has several; its first dataset's name")
    .option("--port <number>", "port of the page on this machine", DEFAULT_PORT)
    .action(history);
}

async function history({ stack, group, port }: Options): Promise<void> {
  const terminal = processTerminal();
  const toolchain = readToolchain();
  const state = openStateFolder();
  await withCleanup(async (cleanup) => {
    terminal.progress("starting the history server");
    const logs =
      stack === undefined
        ? await localLogs(toolchain, state, cleanup)
        : await stackLogs(decidePlatform({ stack }), group);
    const log = join(state.logs, "history.log");
    const { group: server, url } = await startHistoryServer(logs, await choosePort(port, "--port"), {
      toolchain,
      log,
      cleanup,
    }).finally(() => terminal.endProgress());
    terminal.say(`${url} shows the runs in ${logs.directory}; Ctrl-C ends it`);
    await server.ended;
  });
}

async function localLogs(toolchain: Toolchain, state: StateFolder, cleanup: Cleanup): Promise<EventLogs> {
  const lake = recallLake(state);
  const directory = lake.clusterDefaults["spark.eventLog.dir"];
  if (directory === undefined) throw new Error("the plan's cluster keeps no event log");
  cleanup.add(takeLock(state.lock));
  const { endpoint, accountId, region } = await useLocalAws(toolchain, state, lake, cleanup);
  return { directory, region, endpoint, credentials: { accessKeyId: accountId, secretAccessKey: LOCAL_SECRET } };
}

/** Credentials come from wherever AWS's tools look for them, and go to the server's environment alone. */
async function stackLogs(environment: Environment, group: string | undefined): Promise<EventLogs> {
  const { settings, names } = environment;
  const directory = `s3://${names.bucket("logs")}/${eventLogKey(groupOf(environment, group))}`;
  const client = new S3Client({ region: settings.region });
  try {
    const credentials = await client.config.credentials();
    return { directory, region: settings.region, credentials };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const allowed = `credentials of account ${settings.accountId}`;
    throw new InputError([{ where: "AWS", message: "this shell has no credentials", found, allowed }]);
  } finally {
    client.destroy();
  }
}

function groupOf({ capacity, settings }: Environment, wanted: string | undefined): string {
  const names = capacity.clusters.map(({ name }) => name);
  const [only, ...others] = names;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const message = wanted === undefined ? "is missing: the stack has several groups" : "is no group of this stack";
  throw new InputError([
    { where: `stack ${settings.stack}`, key: "--group", message, found: wanted, allowed: names.join(", ") },
  ]);
}
