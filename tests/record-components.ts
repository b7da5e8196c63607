import { record, type RecordedResource } from "../cli/plan/record";
import type { Environment } from "../components/environment";

/** Everything that a program asks for, with answers as AWS would give them and nothing left unresolved. */
export class Recorded {
  constructor(readonly resources: readonly RecordedResource[]) {}

  /** The one resource with this logical name and type. */
  get(type: string, name: string): RecordedResource {
    const found = this.ofType(type).find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`nothing of type ${type} is called ${name}`);
    return found;
  }

  ofType(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** How many there are of each type; components left out. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type, custom } of this.resources) if (custom) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }
}

/** Runs what declares components, without an engine, for one environment. */
export async function recordComponents(environment: Environment, declare: () => unknown): Promise<Recorded> {
  const { accountId, region, stack } = environment.settings;
  const target = { project: "basin", stack, account: { accountId, region }, config: {}, root: process.cwd() };
  return new Recorded((await record(target, declare)).resources);
}
