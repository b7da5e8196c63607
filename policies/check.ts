import type { Enforcement, Finding, Rule, Subject } from "./rule";
import { StackView } from "./stack-view";
import { isUnknownValue } from "./unknown";

/** One verdict that is not "fine". */
export interface Verdict {
  readonly policy: string;
  readonly enforcement: Enforcement;
  readonly urn: string;
  readonly message: string;
  readonly value?: unknown;
  readonly fix: string;
  readonly controls: readonly string[];
  readonly undecided: boolean;
}

export interface Verdicts {
  /** How often a rule was applied to a resource. */
  readonly checked: number;
  readonly violations: readonly Verdict[];
}

/** Applies every rule to every resource that it is about. A rule that throws is a violation of the pack, never a pass. */
export function checkStack(resources: readonly Subject[], rules: readonly Rule[]): Verdicts {
  const stack = new StackView(resources);
  const violations: Verdict[] = [];
  let checked = 0;
  for (const rule of rules) {
    for (const subject of stack.ofTypes(...rule.types)) {
      checked += 1;
      violations.push(...verdictsOf(rule, subject, stack));
    }
  }
  return { checked, violations };
}

/** What one rule says of one resource, and what it could not decide. */
export function verdictsOf(rule: Rule, subject: Subject, stack: StackView): Verdict[] {
  const verdicts: Verdict[] = [];
  try {
    for (const finding of rule.check(subject, stack)) verdicts.push(verdict(rule, subject, finding));
  } catch (error) {
    const { message } = error as Error;
    verdicts.push(
      isUnknownValue(error)
        ? { ...verdict(rule, subject, undecidedFinding(message)), enforcement: "advisory", undecided: true }
        : { ...verdict(rule, subject, brokenFinding(rule, message)), enforcement: "mandatory" },
    );
  }
  return verdicts;
}

function verdict(rule: Rule, { urn }: Subject, { message, value, fix }: Finding): Verdict {
  const { name: policy, enforcement, controls } = rule;
  const found = value === undefined ? {} : { value };
  return { policy, enforcement, urn, message, ...found, fix, controls, undecided: false };
}

function undecidedFinding(reason: string): Finding {
  return { message: `undecided: ${reason}`, fix: "run the policies again in the deployment, where the value is known" };
}

function brokenFinding(rule: Rule, reason: string): Finding {
  return { message: `the rule itself failed: ${reason}`, fix: `correct the resource's form, or the rule ${rule.name}` };
}
