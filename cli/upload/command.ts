import { join } from "node:path";
import { StorageClass, type ServerSideEncryption } from "@aws-sdk/client-s3";
import { Command, Option } from "commander";
import { InputError } from "../../declarations/faults";
import {
  DURATION_FORM,
  parseBytes,
  parseDuration,
  SIZE_FORM,
  type Bytes,
  type Seconds,
} from "../../declarations/units";
import { jsonOption, STDOUT, writeJson } from "../json";
import { REPOSITORY } from "../local/toolchain";
import { processTerminal } from "../terminal";
import { parseDestination } from "./destination";
import { LIMITS } from "./object/parts";
import { progressDisplay } from "./progress-display";
import { describeReport, describeStale } from "./report-text";
import type { Connection, Destination } from "./request";
import { upload } from "./run";
import { staleUploads } from "./stale";

interface Options {
  readonly stack?: string;
  readonly datasets?: string;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly overwrite?: boolean;
  readonly name?: string;
  readonly encryption?: ServerSideEncryption;
  readonly kmsKey?: string;
  readonly storageClass?: StorageClass;
  readonly concurrency?: number;
  readonly partSize?: Bytes;
  readonly stale?: boolean;
  readonly abort?: boolean;
  readonly olderThan: Seconds;
  readonly json?: string;
}

export function uploadCommand(): Command {
  return new Command("upload")
    .description(
      "Send files, folders, globs or standard input (-) to a dataset or any s3:// address. Large files go in parts and " +
        "small ones together; run again, an interrupted upload goes on. Every object is proved by its checksum.",
    )
    .usage("PATH… DEST [options]\n       basin upload --stale [DEST] [--abort] [options]")
    .argument("[paths...]", "what to send, and at last where: a dataset's name or s3://bucket/prefix")
    .option("--stack <name>", "a dataset of this stack on AWS instead of the local lake")
    .option("--datasets <dir>", "folder of dataset files instead of the stack's own")
    .option("--endpoint-url <url>", "another S3 than AWS's")
    .option("--region <name>", "the bucket's region, for an s3:// address")
    .option("--overwrite", "replace objects that are there with other content")
    .option("--name <file>", "what standard input is called in a dataset or folder")
    .addOption(
      new Option("--encryption <method>", "demanded by the bucket's policy").choices([
        "AES256",
        "aws:kms",
        "aws:kms:dsse",
      ]),
    )
    .option("--kms-key <id>", "encrypt by this KMS key instead of the bucket's default")
    .addOption(new Option("--storage-class <class>").choices(Object.values(StorageClass)))
    .option(
      "--concurrency <n>",
      "requests under way together, instead of as many as were measured to help",
      wholeNumber,
    )
    .option("--part-size <size>", "of large files, instead of one by size and speed", partSize)
    .option("--stale", "list unfinished uploads")
    .option("--abort", "with --stale: drop them and their parts")
    .option("--older-than <duration>", "with --stale: only those begun so long ago", olderThan, 0)
    .addOption(jsonOption("upload.json"))
    .action(async (paths: readonly string[], options: Options) => {
      if (options.abort && !options.stale)
        throw misused("--abort", "drops unfinished uploads", "together with --stale");
      await (options.stale ? showStale(paths, options) : send(paths, options));
    });
}

async function send(paths: readonly string[], options: Options): Promise<void> {
  const sources = paths.slice(0, -1);
  const dest = paths.at(-1);
  if (dest === undefined || sources.length === 0) {
    throw misused("basin upload", "needs what to send and where", "PATH… DEST, as in: basin upload *.csv airports");
  }
  const terminal = processTerminal({ quiet: options.json === STDOUT });
  const display = progressDisplay(process.stderr, process.env.CI !== undefined);
  const began = performance.now();
  const report = await withDestination(dest, options, async (connection, destination, journalDir) =>
    upload({
      ...connection,
      sources,
      destination,
      journalDir,
      overwrite: options.overwrite ?? false,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.partSize === undefined ? {} : { partBytes: options.partSize }),
      ...(options.name === undefined ? {} : { inputName: options.name }),
      onProgress: (progress) => display.show(progress),
      onNotice: (text) => display.note(`basin: ${text}`),
    }),
  ).finally(() => display.end());
  if (options.json !== undefined) writeJson(options.json, report);
  terminal.say(describeReport(report, (performance.now() - began) / 1000));
}

async function showStale(paths: readonly string[], options: Options): Promise<void> {
  const [dest, ...more] = paths;
  if (more.length > 0)
    throw misused("--stale", "takes one destination", "a dataset's name, s3://bucket/prefix, or none");
  const terminal = processTerminal({ quiet: options.json === STDOUT });
  const { abort = false, olderThan: age } = options;
  const uploads = await withDestination(dest, options, async (connection, destination) =>
    staleUploads({ connection, destination, abort, olderThan: age }),
  );
  if (options.json !== undefined) writeJson(options.json, { version: 1, uploads });
  terminal.say(describeStale(uploads));
}

/** Without a destination, that of all datasets. */
async function withDestination<T>(
  dest: string | undefined,
  options: Options,
  work: (connection: Connection, destination: Destination, journalDir: string) => Promise<T>,
): Promise<T> {
  const parsed = dest === undefined ? undefined : parseDestination(dest);
  const { encryption, kmsKey: kmsKeyId, storageClass } = options;
  if (kmsKeyId !== undefined && encryption === "AES256") {
    throw misused("--kms-key", "does not go with --encryption AES256", "aws:kms or aws:kms:dsse");
  }
  const kept = {
    ...(encryption === undefined ? {} : { encryption }),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(storageClass === undefined ? {} : { storageClass }),
  };
  const journalDir = process.env.BASIN_UPLOAD_JOURNAL ?? join(REPOSITORY, ".basin", "uploads");
  if (parsed?.is === "address") {
    return await untilInterrupted(() => work(connectionOf(options), { ...parsed.destination, ...kept }, journalDir));
  }
  // Settings, datasets and the local AWS, of which an address needs none. import() cannot load it: see cli/commands.ts.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { lakeResolver } = require("./dataset/lake-resolver") as typeof import("./dataset/lake-resolver");
  return await lakeResolver(options).with(parsed?.dataset, async ({ destination, ...connection }) =>
    work(connection, { ...destination, ...kept }, journalDir),
  );
}

function connectionOf({ endpointUrl, region }: Options): Connection {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const url = endpointUrl ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  if (url !== undefined && !URL.canParse(url)) {
    throw misused("--endpoint-url", `is no URL: ${url}`, "as http://127.0.0.1:9000");
  }
  // Only where to ask first: the bucket tells its own region.
  const near = region ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? "us-east-1";
  return { region: near, ...(url === undefined ? {} : { endpointUrl: url }) };
}

/** Ctrl-C ends at once: there is nothing to undo, and what was sent is worth to be told of. */
async function untilInterrupted<T>(work: () => Promise<T>): Promise<T> {
  const onInterrupt = (): void => {
    process.stderr.write("\nbasin: stopped; what was sent is kept: run the same command again to go on\n");
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt);
  return await work().finally(() => process.off("SIGINT", onInterrupt));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1_000) {
    throw misused("--concurrency", `is not a number of requests: ${text}`, "1 to 1000");
  }
  return number;
}

function partSize(text: string): Bytes {
  const bytes = parseBytes(text);
  if (bytes === undefined || bytes < LIMITS.smallestPart || bytes > LIMITS.largestPart || !Number.isInteger(bytes)) {
    throw misused("--part-size", `is not a part's size: ${text}`, `5 MiB to 5 GiB, ${SIZE_FORM}`);
  }
  return bytes;
}

function olderThan(text: string): Seconds {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw misused("--older-than", `is not a duration: ${text}`, DURATION_FORM);
  return seconds;
}

function misused(where: string, message: string, allowed: string): InputError {
  return new InputError([{ where, message, allowed }]);
}
