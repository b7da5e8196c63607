import { InputError } from "../../declarations/faults";
import { readJson } from "../../declarations/json-file";
import { faultsOf } from "../../declarations/zod-faults";
import { CONTRACT_VERSION, platformContract, type PlatformContract } from "../../contract/schema";
import { planPlatform, type PlanRequest } from "../plan/plan";

/**
 * What a stack exports for other teams, from its plan: what AWS would add (ids of network and keys) are stand-ins.
 *
 * @throws InputError with every fault of settings and datasets.
 */
export async function contractOf(request: PlanRequest): Promise<PlatformContract> {
  const { outputs } = await planPlatform(request);
  return platformContract.parse(outputs["basin"]);
}

/**
 * Reads a contract that an earlier `basin contract show --json` wrote.
 *
 * @throws InputError when it is not there, no JSON, of another version, or damaged.
 */
export function readContract(file: string): PlatformContract {
  const value = readJson(file, "what basin contract show --json writes");
  const version: unknown = (value as { version?: unknown } | null)?.version;
  if (version !== CONTRACT_VERSION) {
    const message = "is not a contract that this version of Basin knows";
    throw new InputError([
      { where: file, key: "version", message, found: version ?? null, allowed: String(CONTRACT_VERSION) },
    ]);
  }
  const parsed = platformContract.safeParse(value);
  if (!parsed.success) throw new InputError(faultsOf(parsed.error, file, value, platformContract));
  return parsed.data;
}
