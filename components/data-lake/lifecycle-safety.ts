import { refuse, type Fault } from "../../declarations/faults";
import type { Environment } from "../environment";
import type { BucketRole } from "../names";
import {
  COPIED_TAG,
  INSTANT_CLASSES,
  MAXIMUM_RULES,
  QUERY_RESULTS_PREFIX,
  rawPrefix,
  retentionDays,
  type LifecycleRule,
} from "./lifecycle";

/**
 * Refuses rules that could lose data: whatever a setting or a later change of `lifecycle.ts` says, no rule reaches AWS
 * that expires a `_delta_log`, a live data file, raw before its retention, or landing before it was copied.
 *
 * @throws InputError with every unsafe rule at once.
 */
export function requireSafeRules(environment: Environment, role: BucketRole, rules: readonly LifecycleRule[]): void {
  refuse([
    ...rules.flatMap((rule) => refuseUnsafeRule(environment, role, rule)),
    ...(rules.length > MAXIMUM_RULES
      ? [
          {
            where: place(role),
            message: "has too many lifecycle rules",
            found: rules.length,
            allowed: `${MAXIMUM_RULES}`,
          },
        ]
      : []),
  ]);
}

/** The reasons why a rule must not be; empty when it is safe. */
export function refuseUnsafeRule(environment: Environment, role: BucketRole, rule: LifecycleRule): Fault[] {
  const where = `${place(role)}, lifecycle rule ${rule.id}`;
  const reasons = [...classReasons(rule), ...(expires(rule) ? expiryReasons(environment, role, rule) : [])];
  return reasons.map((reason) => ({ where, ...reason }));
}

type Reason = Pick<Fault, "message" | "found" | "allowed">;

function expires(rule: LifecycleRule): boolean {
  return rule.expiration?.days !== undefined;
}

function classReasons(rule: LifecycleRule): Reason[] {
  return (rule.transitions ?? [])
    .filter(({ storageClass }) => !INSTANT_CLASSES.some((instant) => instant === storageClass))
    .map(({ storageClass }) => ({
      message: "moves objects to where Spark cannot read them at once",
      found: storageClass,
      allowed: INSTANT_CLASSES.join(", "),
    }));
}

function expiryReasons(environment: Environment, role: BucketRole, rule: LifecycleRule): Reason[] {
  const { prefix, tag } = rule.filter;
  switch (role) {
    case "lake":
      return [
        {
          message: "could expire a _delta_log or a live data file",
          found: prefix ?? "",
          allowed: "no expiry: VACUUM alone deletes",
        },
      ];
    case "raw":
      return rawReasons(environment, rule);
    case "landing":
      if (tag?.key === COPIED_TAG.key && tag.value === COPIED_TAG.value) return [];
      return [
        {
          message: "could expire a file that was not copied into raw",
          found: tag,
          allowed: `${COPIED_TAG.key}=${COPIED_TAG.value}`,
        },
      ];
    case "artifacts":
      if (prefix?.startsWith(QUERY_RESULTS_PREFIX)) return [];
      return [{ message: "could expire the code of a step", found: prefix ?? "", allowed: QUERY_RESULTS_PREFIX }];
    case "logs":
    case "access-logs":
      return [];
  }
}

function rawReasons({ datasets }: Environment, rule: LifecycleRule): Reason[] {
  const days = rule.expiration?.days ?? Infinity;
  return datasets
    .filter(({ source, name }) => source.kind !== "derived" && overlaps(rule.filter.prefix ?? "", rawPrefix(name)))
    .filter((dataset) => days < retentionDays(dataset))
    .map((dataset) => ({
      message: `expires raw data of ${dataset.name} before its retention`,
      found: `${days} days`,
      allowed: `at least ${retentionDays(dataset)} days`,
    }));
}

/** Whether an object under one prefix can lie under the other. */
function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function place(role: BucketRole): string {
  return `bucket ${role}`;
}
