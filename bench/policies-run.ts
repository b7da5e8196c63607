import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { costOf } from "../capacity/cost";
import { planProgram } from "../cli/plan/plan-program";
import { checkPolicies } from "../cli/plan/policies";
import type { RecordedResource } from "../cli/plan/record";
import { readStackConfig } from "../cli/plan/stack-file";
import { readDatasets } from "../declarations/load";
import { decide, declarePlatform } from "../stacks/program";
import { parseSettings } from "../stacks/settings";

/** Processor time, in seconds, of planning a stack and of its policies. */
export interface PlanShare {
  readonly resources: number;
  readonly checked: number;
  /** All of the plan but the policies, without the time to load the program. */
  readonly planSeconds: number;
  readonly policySeconds: number;
}

/** Processor time, in seconds, of the policies over so many resources. */
export interface PackTime {
  readonly resources: number;
  readonly checked: number;
  readonly seconds: number;
}

const ROOT = resolve(__dirname, "..");
const STACK = "prod";
const TODAY = new Date().toISOString().slice(0, 10);

type Pack = (resources: readonly RecordedResource[]) => ReturnType<typeof checkPolicies>;

/** Plans prod as `basin plan` does, with the policies that are given. */
async function planProd(policies: (pack: Pack) => Pack): Promise<void> {
  const config = readStackConfig(ROOT, STACK);
  const settings = parseSettings(config, STACK);
  const environment = decide(settings, readDatasets(join(ROOT, settings.datasets)));
  const { name: project } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as { name: string };
  const { accountId, region } = settings;
  await planProgram(
    { project, stack: STACK, account: { accountId, region }, config, root: ROOT },
    () => declarePlatform(environment),
    {
      policies: policies((resources) => checkPolicies(resources, { ...settings, today: TODAY })),
      cost: (resources) => costOf(resources, environment),
    },
  );
}

/** What the policies take of prod's plan. In a new process nothing is compiled yet, as in the command itself. */
export async function measureShare(): Promise<PlanShare> {
  let found = { resources: 0, checked: 0, policySeconds: 0 };
  const started = process.cpuUsage();
  await planProd((pack) => (resources) => {
    const before = process.cpuUsage();
    const verdicts = pack(resources);
    found = { resources: resources.length, checked: verdicts.checked, policySeconds: secondsSince(before) };
    return verdicts;
  });
  return { ...found, planSeconds: secondsSince(started) - found.policySeconds };
}

/** What the policies take over prod's resources, repeated under other names until there are so many. */
export async function measurePack(count: number): Promise<PackTime> {
  let time: PackTime = { resources: 0, checked: 0, seconds: 0 };
  await planProd((pack) => (resources) => {
    const many = repeated(resources, count);
    const before = process.cpuUsage();
    const { checked } = pack(many);
    time = { resources: many.length, checked, seconds: secondsSince(before) };
    return pack(resources);
  });
  return time;
}

/** Whole stacks side by side: each refers to its own resources only, by names and URNs of its own. */
function repeated(resources: readonly RecordedResource[], count: number): RecordedResource[] {
  const text = JSON.stringify(resources);
  const copies = Array.from({ length: Math.ceil(count / resources.length) }, (_, index) => {
    const copy = text.replaceAll(`urn:pulumi:${STACK}::`, `urn:pulumi:s${index}::`);
    return JSON.parse(copy.replaceAll(`basin-${STACK}`, `basin-s${index}`)) as RecordedResource[];
  });
  return copies.flat().slice(0, count);
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
