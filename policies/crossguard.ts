import type {
  Policies,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { controlsOf } from "./controls";
import { excuses, EXPIRED, EXPIRED_DESCRIPTION, expiry, misread, type Exception } from "./exceptions";
import { broken, undecided } from "./no-verdict";
import {
  defaultLimits,
  enforcementIn,
  type Environment,
  type Finding,
  type Limits,
  type Rule,
  type Subject,
} from "./rule";
import { StackView } from "./stack-view";
import { isUnknownValue } from "./unknown";

/** What holds for a run of the pack. */
export interface PackOptions {
  readonly environment: Environment;
  readonly exceptions: readonly Exception[];
  /** What is wrong with exceptions that the settings hold besides. */
  readonly faults?: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** The rules as CrossGuard runs them: the same checks, and one policy for exceptions that have ended. */
export function policiesOf(rules: readonly Rule[], options: PackOptions): Policies {
  return [...rules.map((rule) => policyOf(rule, options)), exceptionPolicy(options)];
}

function policyOf(rule: Rule, options: PackOptions): ResourceValidationPolicy | StackValidationPolicy {
  const policy = {
    name: rule.name,
    description: rule.description,
    enforcementLevel: enforcementIn(rule, options.environment),
    tags: [rule.group, ...controlsOf(rule.name)],
    ...configSchema(rule),
  };
  return rule.scope === "resource"
    ? {
        ...policy,
        validateResource(args, report) {
          if (!rule.types.includes(args.type)) return;
          judge(rule, [subjectOf(args)], limitsOf(rule, args), options, report);
        },
      }
    : {
        ...policy,
        validateStack(args, report) {
          const limits = limitsOf(rule, args);
          judge(rule, args.resources.map(stackSubjectOf), limits, options, report);
        },
      };
}

/** Tells every finding; what needs a value that is not known yet is told last, by the error that CrossGuard expects. */
function judge(
  rule: Rule,
  subjects: readonly Subject[],
  limits: Limits,
  { environment, exceptions, today }: PackOptions,
  report: ReportViolation,
): void {
  const stack = new StackView(subjects);
  let unknown: Error | undefined;
  const failed: string[] = [];
  for (const subject of stack.ofTypes(...rule.types)) {
    const isExcused = exceptions.some((exception) => excuses(exception, rule.name, subject.urn, today));
    try {
      for (const finding of rule.check(subject, stack, limits)) {
        if (!isExcused) report(sentence(finding, rule.name), subject.urn);
      }
    } catch (error) {
      if (!isUnknownValue(error)) {
        const finding = broken(rule, error);
        report(sentence(finding, rule.name), subject.urn);
        failed.push(`${subject.urn}: ${finding.message}`);
      } else if (!isExcused) unknown ??= error;
    }
  }
  // What is only reported is as strict as the rule; a rule that failed must stop the deployment whatever its level.
  if (failed.length > 0 && enforcementIn(rule, environment) !== "mandatory") {
    throw new Error(`${rule.name}: ${failed.join("; ")}`);
  }
  if (unknown) throw asCrossGuards(unknown);
}

/** CrossGuard knows its own error alone: any other one ends the whole run of the pack. Its typings leave this out. */
const { UnknownValueError, unknownStringValue } = proxy as unknown as {
  readonly UnknownValueError: new (sentinel: string, path: readonly string[]) => Error;
  readonly unknownStringValue: string;
};

function asCrossGuards(unknown: Error): Error {
  const { message, fix } = undecided(unknown);
  const own = "unknownTypeSentinel" in unknown ? unknown : new UnknownValueError(unknownStringValue, []);
  return Object.assign(own, { message: `${message}; fix: ${fix}` });
}

/** A finding in one line: what is wrong, what was found, how it is put right, who else asks for it. */
export function sentence({ message, value, fix }: Finding, rule: string): string {
  const found = value === undefined ? "" : `; found ${JSON.stringify(value)}`;
  const controls = controlsOf(rule);
  return `${message}${found}; fix: ${fix}${controls.length > 0 ? ` (${controls.join(", ")})` : ""}`;
}

function exceptionPolicy({ exceptions, faults = [], today }: PackOptions): StackValidationPolicy {
  return {
    name: EXPIRED,
    description: EXPIRED_DESCRIPTION,
    enforcementLevel: "mandatory",
    validateStack(_, report) {
      for (const exception of exceptions.filter(({ until }) => until < today)) {
        report(sentence(expiry(exception), EXPIRED));
      }
      for (const message of faults) report(sentence(misread(message), EXPIRED));
    },
  };
}

function subjectOf({ urn, type, name, props, opts }: ResourceValidationArgs): Subject {
  return { urn, type, name, props, opts, references: {} };
}

function stackSubjectOf({ urn, type, name, props, opts, propertyDependencies }: PolicyResource): Subject {
  const references = Object.entries(propertyDependencies).map(
    ([property, resources]) => [property, resources.map((resource) => resource.urn)] as const,
  );
  return { urn, type, name, props, opts, references: Object.fromEntries(references) };
}

function configSchema({ limits }: Rule): Pick<ResourceValidationPolicy, "configSchema"> {
  if (!limits) return {};
  const properties = Object.entries(limits).map(
    ([name, { default: value, description }]) =>
      [name, { type: "number" as const, default: value, minimum: 0, description }] as const,
  );
  return { configSchema: { properties: Object.fromEntries(properties) } };
}

function limitsOf(rule: Rule, args: Pick<ResourceValidationArgs, "getConfig">): Limits {
  return rule.limits ? { ...defaultLimits(rule), ...args.getConfig<Record<string, number>>() } : {};
}
