import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { costOf } from "../capacity/cost";
import { planProgram } from "../cli/plan/plan-program";
import { checkPolicies } from "../cli/plan/policies";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "../stacks/program";
import { parseSettings } from "../stacks/settings";

/** What one size cost and what it declares. */
export interface Scale {
  readonly datasets: number;
  /** From settings to the finished plan, without the time to load the program. */
  readonly seconds: number;
  /** Processor time of the same, over all threads: it does not grow with what else the machine does. */
  readonly cpuSeconds: number;
  /** The most memory that the process ever held. */
  readonly peakBytes: number;
  readonly resources: number;
  readonly roles: number;
  readonly policies: number;
  /** Groups of datasets that run apart. */
  readonly groups: number;
}

const PROJECT = "basin";
const STACK = "prod";
const ACCOUNT = { accountId: "444455556666", region: "us-east-1" };
const CONFIG: Readonly<Record<string, string>> = {
  "aws:region": ACCOUNT.region,
  "basin:prefix": "basin",
  "basin:accountId": ACCOUNT.accountId,
  "basin:environment": "prod",
  "basin:network": '{"cidr":"10.40.0.0/16"}',
  "basin:alerts": '{"email":["data-platform@example.com"]}',
  "basin:consumers": '{"analytics":{"account":"555566667777"}}',
};
const OWNERS_SHARE = 10;
const STREAMS_SHARE = 5;
/** Of every so many datasets one is granted to the consumer: within what one role holds at a thousand. */
const GRANTED_SHARE = 10;

/** Plans a stack of so many datasets, as `basin plan` does, from files in a folder of its own. */
export async function planManyDatasets(count: number): Promise<Scale> {
  const folder = mkdtempSync(join(tmpdir(), "basin-scale-"));
  try {
    writeDatasets(folder, count);
    return await planFolder(folder, count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function planFolder(folder: string, datasets: number): Promise<Scale> {
  const started = { clock: process.hrtime.bigint(), cpu: process.cpuUsage() };
  const settings = parseSettings(CONFIG, STACK);
  const environment = decide(settings, readDatasets(folder));
  const { resources } = await planProgram(
    { project: PROJECT, stack: STACK, account: ACCOUNT, config: CONFIG, root: process.cwd() },
    () => declarePlatform(environment),
    {
      policies: (recorded) => checkPolicies(recorded, { ...settings, today: "2026-11-24" }),
      cost: (planned) => costOf(planned, environment),
    },
  );
  const seconds = Number(process.hrtime.bigint() - started.clock) / 1e9;
  const cpu = process.cpuUsage(started.cpu);
  const ofType = (type: string): number => resources.filter((resource) => resource.type === type).length;
  return {
    datasets,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    resources: resources.length,
    roles: ofType("aws:iam/role:Role"),
    policies: ofType("aws:iam/policy:Policy"),
    groups: environment.capacity.clusters.length,
  };
}

/** Which of an owner's ten datasets are derived, and from which of them. */
const DERIVED: Readonly<Record<number, readonly number[]>> = { 7: [0, 1, 2], 8: [3, 4], 9: [7, 8] };

/**
 * Datasets of ordinary size, ten to an owner: two streams, five of files, and three derived, so that each owner has three
 * groups of datasets that run apart.
 */
function writeDatasets(folder: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const first = index - (index % OWNERS_SHARE);
    const from = (DERIVED[index % OWNERS_SHARE] ?? []).map((offset) => nameOf(first + offset));
    const file = {
      name,
      description: `Rows of ${name}.`,
      owner: `team-${Math.floor(index / OWNERS_SHARE)}`,
      source: sourceOf(index, from),
      columns: [
        { name: "id", type: "bigint", required: true },
        { name: "happened_at", type: "timestamp" },
        { name: "amount", type: "double" },
      ],
      freshness: "1 day",
      volume: { stored: "1 GiB", daily: "10 MiB", record: "100 B" },
      consumers: index % GRANTED_SHARE === 0 ? ["analytics"] : [],
    };
    writeFileSync(join(folder, `${name}.yaml`), stringify(file));
    if (from.length > 0)
      writeFileSync(join(folder, `${name}.sql`), `SELECT * FROM ${from.join(" UNION ALL SELECT * FROM ")}\n`);
  }
}

function nameOf(index: number): string {
  return `dataset_${String(index).padStart(4, "0")}`;
}

function sourceOf(index: number, from: readonly string[]): Record<string, unknown> {
  if (from.length > 0) return { kind: "derived", from };
  return index % STREAMS_SHARE === 0 ? { kind: "stream", format: "json" } : { kind: "files", format: "csv" };
}
