import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../cli/local/aws/clients";
import { stopLocalAws, useLocalAws } from "../../cli/local/aws/local-aws";
import { withCleanup } from "../../cli/local/cleanup";
import { openStateFolder, type StateFolder } from "../../cli/local/state/state-folder";
import { readToolchain } from "../../cli/local/toolchain";
import { producerPolicy } from "../../components/stream-ingest/policies";
import contract from "../../examples/consumer/basin.contract.json";
import { Producer } from "../../examples/producer-app/producer";
import { exampleEnvironment, exampleStream } from "../environment";
import { decide } from "../policy-decision";
import { REPOSITORY } from "../contract-package";

const ACCOUNT = { accountId: contract.accountId, region: contract.region };
const STREAM = contract.datasets.flights.stream;
const EVENTS = Array.from({ length: 3_000 }, (_, flight) => ({
  flight,
  carrier: "UA",
  sent_at: "2026-12-01T00:00:00Z",
}));

let folder: string;
let state: StateFolder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "basin-producer-"));
  state = openStateFolder(join(folder, "lake"));
});
afterAll(async () => {
  await stopLocalAws(state);
  rmSync(folder, { recursive: true });
});

describe("the producer on the local AWS", () => {
  test("brings every event of its input to the stream that the contract names", async () => {
    await withCleanup(async (cleanup) => {
      const aws = await useLocalAws(readToolchain(), state, ACCOUNT, cleanup);
      const { kinesis } = connect(aws);
      await createStream(kinesis);
      const sent = await runApp(aws.endpoint, EVENTS.map((event) => JSON.stringify(event)).join("\n"));
      expect(sent).toMatchObject({ events: 3_000, again: 0 });
      const records = await recordsOf(kinesis);
      expect(records.length).toBe(sent.records);
      const flights = records.flatMap((record) =>
        record.split("\n").map((line) => (JSON.parse(line) as { flight: number }).flight),
      );
      expect(flights.sort((a, b) => a - b)).toEqual(EVENTS.map(({ flight }) => flight));
    });
  });

  test("asks for nothing that the producer policy does not allow", async () => {
    await withCleanup(async (cleanup) => {
      const { kinesis } = connect(await useLocalAws(readToolchain(), state, ACCOUNT, cleanup));
      await createStream(kinesis);
      const commands: string[] = [];
      kinesis.middlewareStack.add((next, { commandName }) => (args) => {
        commands.push(commandName ?? "");
        return next(args);
      });
      const producer = new Producer(kinesis, STREAM.name);
      for (const event of EVENTS) await producer.send(event);
      await producer.flush();
      expect(new Set(commands)).toEqual(new Set(["PutRecordsCommand"]));
      const environment = exampleEnvironment("prod", {
        datasets: [exampleStream("flights")],
        settings: { accountId: contract.accountId },
      });
      const call = { principal: { account: contract.accountId }, action: "kinesis:PutRecords", resource: STREAM.arn };
      const policy = producerPolicy(environment, "flights", "arn:aws:kms:us-east-1:444455556666:key/1");
      expect(decide(policy, call)).toBe("allow");
      expect(decide(policy, { ...call, action: "kinesis:GetRecords" })).toBe("none");
    });
  });
});

async function createStream(kinesis: KinesisClient): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: STREAM.name, ShardCount: 2 }));
  const active = async (): Promise<string | undefined> =>
    (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: STREAM.name }))).StreamDescriptionSummary
      ?.StreamStatus;
  await expect.poll(active, { timeout: 20_000 }).toBe("ACTIVE");
}

/** Runs the application as a person would, and reads what it says. */
async function runApp(endpoint: string, input: string): Promise<{ events: number; records: number; again: number }> {
  const file = join(REPOSITORY, "examples/consumer/basin.contract.json");
  const args = ["--import", "tsx", join(REPOSITORY, "examples/producer-app/main.ts"), file, "flights"];
  const credentials = { AWS_ACCESS_KEY_ID: contract.accountId, AWS_SECRET_ACCESS_KEY: "local" };
  const app = spawn(process.execPath, args, {
    cwd: REPOSITORY,
    env: { ...process.env, ...credentials, KINESIS_ENDPOINT: endpoint },
  });
  app.stdin.end(input);
  const [said, complained] = await Promise.all([text(app.stdout), text(app.stderr), once(app, "close")]);
  expect(complained).toBe("");
  return JSON.parse(said) as { events: number; records: number; again: number };
}

async function recordsOf(kinesis: KinesisClient): Promise<string[]> {
  const records: string[] = [];
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: STREAM.name }));
  for (const { ShardId } of Shards) {
    const from = { StreamName: STREAM.name, ShardId, ShardIteratorType: "TRIM_HORIZON" as const };
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    for (let empty = false; !empty && ShardIterator !== undefined;) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      records.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));
      empty = (answer.Records ?? []).length === 0;
      ShardIterator = answer.NextShardIterator;
    }
  }
  return records;
}
