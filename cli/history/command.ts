import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
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
    .option("--group <name>", "the group of datasets, where there are several; its first dataset's name")
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
        ? await localLogs(toolchain, state, cleanup, group)
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

async function localLogs(
  toolchain: Toolchain,
  state: StateFolder,
  cleanup: Cleanup,
  group: string | undefined,
): Promise<EventLogs> {
  const lake = recallLake(state);
  // Of one group; those of the others lie beside it.
  const [, bucket = "", folder = ""] =
    /^s3:\/\/([^/]+)\/(.*\/)[^/]+\/$/.exec(lake.clusterDefaults["spark.eventLog.dir"] ?? "") ?? [];
  if (folder === "") throw new Error("the plan's cluster keeps no event log");
  cleanup.add(takeLock(state.lock));
  const { endpoint, accountId, region } = await useLocalAws(toolchain, state, lake, cleanup);
  const credentials = { accessKeyId: accountId, secretAccessKey: LOCAL_SECRET };
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  try {
    const groups = await groupsWithLogs(client, bucket, folder);
    const directory = `s3://${bucket}/${folder}${chooseGroup("the local lake", groups, group)}/`;
    return { directory, region, endpoint, credentials };
  } finally {
    client.destroy();
  }
}

/** A directory that holds its marker alone is of a cluster that never ran. */
async function groupsWithLogs(client: S3Client, bucket: string, folder: string): Promise<string[]> {
  const listing = new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, Delimiter: "/" });
  const { CommonPrefixes = [] } = await client.send(listing);
  const groups: string[] = [];
  for (const { Prefix = "" } of CommonPrefixes) {
    const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 2 }));
    if (KeyCount > 1) groups.push(Prefix.slice(folder.length, -1));
  }
  return groups;
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
  return chooseGroup(`stack ${settings.stack}`, names, wanted);
}

function chooseGroup(where: string, names: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = names;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const message = wanted === undefined ? "is missing: there are several groups, each with its own logs" : "is no group";
  throw new InputError([{ where, key: "--group", message, found: wanted, allowed: names.join(", ") }]);
}
