import type { Verdict } from "./check";

/** An agreed departure from a policy. */
export interface Exception {
  readonly policy: string;
  /** Logical name or URN of the resource. */
  readonly resource: string;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
}

/** Under this name the pack reports exceptions that no longer hold. */
export const EXPIRED = "exception-expired";
export const EXPIRED_DESCRIPTION =
  "No exception from a policy outlives its last day, and each says who agreed to it, why, and until when.";

/** Whether an exception is about a resource. */
export function concerns({ resource }: Exception, urn: string): boolean {
  return resource === urn || resource === urn.split("::").at(-1);
}

/** Whether an exception excuses a policy's verdict on a resource today. */
export function excuses(exception: Exception, policy: string, urn: string, today: string): boolean {
  return exception.policy === policy && exception.until >= today && concerns(exception, urn);
}

/**
 * Takes out what is excused and reports every exception that has ended. A rule that failed is never excused: nobody has
 * seen what it would have said.
 */
export function applyExceptions(
  verdicts: readonly Verdict[],
  exceptions: readonly Exception[],
  today: string,
): readonly Verdict[] {
  const left = verdicts.filter(
    ({ policy, urn, isBroken }) =>
      isBroken === true || !exceptions.some((exception) => excuses(exception, policy, urn, today)),
  );
  return [...left, ...exceptions.filter(({ until }) => until < today).map((each) => expired(each, verdicts))];
}

function expired(exception: Exception, verdicts: readonly Verdict[]): Verdict {
  const urn = verdicts.find((verdict) => concerns(exception, verdict.urn))?.urn ?? exception.resource;
  const { message, value, fix } = expiry(exception);
  return { policy: EXPIRED, enforcement: "mandatory", urn, message, value, fix, controls: [], undecided: false };
}

/** What is said of an exception that is not one: it has no owner, say. */
export function misread(message: string): Verdict {
  const [place = ""] = message.split(" ");
  return { policy: EXPIRED, enforcement: "mandatory", urn: place, message, fix: WHOLE, controls: [], undecided: false };
}

/** An exception with all that it needs. */
export const WHOLE = '{ policy: "…", resource: "…", owner: "…", reason: "…", until: "YYYY-MM-DD" }';

/** What is said of an exception that has ended. */
export function expiry({ policy, resource, owner, until }: Exception): { message: string; value: string; fix: string } {
  return {
    message: `the exception of ${owner} from ${policy} for ${resource} has ended`,
    value: until,
    fix: 'until: "YYYY-MM-DD", // a later day that is agreed; or put the resource right and remove the exception',
  };
}
