import { controlsOf } from "./controls";
import { broken, undecided } from "./no-verdict";
import {
  defaultLimits,
  enforcementIn,
  type Enforcement,
  type Environment,
  type Finding,
  type Rule,
  type Subject,
} from "./rule";
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
  /** The rule itself failed: a fault of the pack, or of the resource's form. */
  readonly isBroken?: true;
}

export interface Verdicts {
  /** How often a rule was applied to a resource. */
  readonly checked: number;
  readonly violations: readonly Verdict[];
}

/** Applies every rule to every resource that it is about. A rule that throws is a violation of the pack, never a pass. */
export function checkStack(
  resources: readonly Subject[],
  rules: readonly Rule[],
  environment: Environment = "prod",
): Verdicts {
  const stack = new StackView(resources);
  const violations: Verdict[] = [];
  let checked = 0;
  for (const rule of rules) {
    const enforcement = enforcementIn(rule, environment);
    if (enforcement === "disabled") continue;
    for (const subject of stack.ofTypes(...rule.types)) {
      checked += 1;
      violations.push(...verdictsOf(rule, subject, stack).map((each) => graded(each, enforcement)));
    }
  }
  return { checked, violations };
}

/** What one rule says of one resource, and what it could not decide. */
export function verdictsOf(rule: Rule, subject: Subject, stack: StackView): Verdict[] {
  const verdicts: Verdict[] = [];
  try {
    for (const finding of rule.check(subject, stack, defaultLimits(rule)))
      verdicts.push(verdict(rule, subject, finding));
  } catch (error) {
    verdicts.push(
      isUnknownValue(error)
        ? { ...verdict(rule, subject, undecided(error)), enforcement: "advisory", undecided: true }
        : { ...verdict(rule, subject, broken(rule, error)), isBroken: true },
    );
  }
  return verdicts;
}

function verdict({ name: policy }: Rule, { urn }: Subject, { message, value, fix }: Finding): Verdict {
  const found = value === undefined ? {} : { value };
  const controls = controlsOf(policy);
  return { policy, enforcement: "mandatory", urn, message, ...found, fix, controls, undecided: false };
}

/** A violation is as strict as its rule; what is undecided is advice, and a rule that failed is never less than mandatory. */
function graded(found: Verdict, enforcement: Enforcement): Verdict {
  return found.undecided || found.isBroken === true ? found : { ...found, enforcement };
}
