import type { Exception } from "./exceptions";
import { object, text } from "./reading";

/** What a stack's settings hold of exceptions, and what is wrong with them. */
export interface ReadExceptions {
  readonly exceptions: readonly Exception[];
  /** One sentence each. What is wrong excuses nothing. */
  readonly faults: readonly string[];
}

/**
 * Reads the exceptions of a stack's settings. Another team's program checks them nowhere else, and one that is misread
 * must be told: whoever wrote it believes that it holds.
 *
 * @param value what stands in the settings, of any form
 * @param policies the names that exist
 */
export function readExceptions(value: unknown, policies: readonly string[]): ReadExceptions {
  if (value === undefined || value === null) return { exceptions: [], faults: [] };
  if (!Array.isArray(value)) return { exceptions: [], faults: ["exceptions are not a list"] };
  const exceptions: Exception[] = [];
  const faults: string[] = [];
  for (const [index, each] of value.entries()) {
    const exception = exceptionOf(object(each));
    const wrong = faultOf(exception, policies);
    if (wrong === undefined) exceptions.push(exception);
    else faults.push(`exceptions[${index}] ${wrong}`);
  }
  return { exceptions, faults };
}

function exceptionOf({ policy, resource, owner, reason, until }: Readonly<Record<string, unknown>>): Exception {
  const read = (value: unknown): string => text(value)?.trim() ?? "";
  // An unquoted day in YAML is a point in time, which the engine hands over as "2027-03-31 00:00:00 +0000 UTC".
  const day = /^(\d{4}-\d{2}-\d{2})( 00:00:00 \+0000 UTC)?$/.exec(read(until))?.[1];
  return {
    policy: read(policy),
    resource: read(resource),
    owner: read(owner),
    reason: read(reason),
    until: day ?? "",
  };
}

function faultOf(exception: Exception, policies: readonly string[]): string | undefined {
  for (const key of ["policy", "resource", "owner", "reason"] as const) {
    if (exception[key] === "") return `has no ${key}`;
  }
  const { policy, until } = exception;
  if (!policies.includes(policy)) return `is from ${policy}, and no policy has that name`;
  const time = Date.parse(`${until}T00:00:00Z`);
  // 31 February is read as a day in March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== until)
    return "has no day until which it holds";
  return undefined;
}
