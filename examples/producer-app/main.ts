import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { Producer } from "./producer";

const USAGE = "usage: main.ts CONTRACT DATASET < events.jsonl";

/** Where a dataset's events go, out of the file that `basin contract show --json` writes. */
function streamOf(file: string, dataset: string): { name: string; region: string } {
  const contract = JSON.parse(readFileSync(file, "utf8")) as {
    region: string;
    datasets: { [name: string]: { stream?: { name: string } } | undefined };
  };
  const stream = contract.datasets[dataset]?.stream;
  if (stream === undefined) throw new Error(`${dataset} has no stream in ${file}`);
  return { name: stream.name, region: contract.region };
}

/** Sends standard input's events, one JSON object a line; its credentials are of a role with the producer policy. */
async function main([file, dataset]: readonly string[]): Promise<void> {
  if (file === undefined || dataset === undefined) throw new Error(USAGE);
  const { name, region } = streamOf(file, dataset);
  const endpoint = process.env["KINESIS_ENDPOINT"];
  const producer = new Producer(new KinesisClient({ region, ...(endpoint === undefined ? {} : { endpoint }) }), name);
  let line = 0;
  for await (const text of createInterface({ input: process.stdin })) {
    line += 1;
    await producer.send(parsed(text, line));
  }
  await producer.flush();
  process.stdout.write(`${JSON.stringify(producer.sent)}\n`);
}

function parsed(text: string, line: number): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === "object" && event !== null && !Array.isArray(event)) return event;
  } catch {
    // Said below, with the line.
  }
  throw new Error(`line ${line} is not a JSON object: ${text.slice(0, 80)}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
