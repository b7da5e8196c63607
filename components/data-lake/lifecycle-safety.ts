import { refuse, type Fault } from "../../declarations/faults";
import { zoneOf } from "../../declarations/dataset";
import { isRetired, type Environment } from "../environment";
import type { BucketRole } from "../names";
import {
  COPIED_TAG,
  destroyedDatasets,
  INSTANT_CLASSES,
  MAXIMUM_RULES,
  QUERY_RESULTS_PREFIX,
  rawPrefix,
  retentionDays,
  type LifecycleRule,
} from "./lifecycle";

/**
 * Refuses rules that could lose data: whatever a setting or a later change of `lifecycle.ts` says, no rule reaches AWS
 * that expires a `_delta_log`, a live data file, raw before its retention, or landing before it was copied. What is
 * retired and released by both keys is not live any more.
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
      if (destroysOnly(environment, prefix)) return [];
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

function rawReasons(environment: Environment, rule: LifecycleRule): Reason[] {
  const days = rule.expiration?.days ?? Infinity;
  const destroyed = destroyedDatasets(environment);
  return environment.datasets
    .filter(({ source, name }) => source.kind !== "derived" && overlaps(rule.filter.prefix ?? "", rawPrefix(name)))
    .filter((dataset) => !destroyed.includes(dataset))
    .flatMap((dataset) => {
      const found = `${days} days`;
      if (isRetired(environment, dataset)) {
        const allowed = "no expiry: its data stays until both keys are turned";
        return [{ message: `expires raw data of ${dataset.name}, which is retired`, found, allowed }];
      }
      const least = retentionDays(dataset);
      if (days >= least) return [];
      const allowed = `at least ${least} days`;
      return [{ message: `expires raw data of ${dataset.name} before its retention`, found, allowed }];
    });
}

/** Whether all that a prefix of the lake covers belongs to one dataset whose data goes. */
function destroysOnly(environment: Environment, prefix: string | undefined): boolean {
  return destroyedDatasets(environment).some((dataset) => {
    const path = `${zoneOf(dataset)}/${dataset.name}`;
    return prefix?.startsWith(`${path}/`) === true || prefix?.startsWith(`${path}__`) === true;
  });
}

/** Whether an object under one prefix can lie under the other. */
function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function place(role: BucketRole): string {
  return `bucket ${role}`;
}
