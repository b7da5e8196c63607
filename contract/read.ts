import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { CONTRACT_VERSION, platformContract, type PlatformContract } from "./schema";

/** What a consumer can put right. Pulumi prints its message alone, without a stack. */
export class ContractError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.name = "ContractError";
    // Node 20 formats a stack in which Pulumi's own frames stand for a minute and 4 GB (nodejs/node#64011), even where
    // Pulumi then shows the message alone.
    this.stack = "";
  }
}

/** How many faults of a damaged contract are told, and how many names of what there is. */
const SHOWN = { faults: 3, names: 20 };

/**
 * A contract of this version out of anything.
 *
 * @param where names it in messages, as `the output "basin" of stack org/basin/prod`
 * @throws ContractError when it is none, of another version, or damaged.
 */
export function readContract(value: unknown, where: string): PlatformContract {
  const version: unknown = isObject(value) ? value["version"] : undefined;
  if (typeof version !== "number") {
    throw new ContractError(`${where} is no contract of a Basin platform: it has no version; found ${shown(value)}`);
  }
  if (version !== CONTRACT_VERSION) {
    throw new ContractError(
      `${where} is contract version ${version}, and this package knows version ${CONTRACT_VERSION}: ` +
        `install @basin-lakehouse/contract@${version}`,
    );
  }
  const parsed = platformContract.safeParse(value);
  if (!parsed.success) throw new ContractError(`${where} is damaged: ${faults(parsed.error)}`);
  return parsed.data;
}

/** @throws ContractError when `record` has no such key; it says which there are. */
export function entryOf<T>(record: Readonly<Record<string, T>>, kind: string, name: string, where: string): T {
  const found = Object.hasOwn(record, name) ? record[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(record).sort();
  const more = names.length > SHOWN.names ? ` and ${names.length - SHOWN.names} more` : "";
  const known = names.length === 0 ? "none" : `${names.slice(0, SHOWN.names).join(", ")}${more}`;
  throw new ContractError(`${where} has no ${kind} "${name}"; it has ${known}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function faults({ issues }: z.ZodError): string {
  const told = issues.slice(0, SHOWN.faults).map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
  const more = issues.length > SHOWN.faults ? [`and ${issues.length - SHOWN.faults} more`] : [];
  return [...told, ...more].join("; ");
}

/** What it is, never what it holds: another stack's output may be a secret. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "no keys"}`;
  return value === null ? "null" : `a ${typeof value}`;
}
