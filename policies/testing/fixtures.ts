import type { Rule, Subject } from "../rule";
import { subject } from "./subjects";

/** A small stack, and what the rule must say of it: exact messages by resource. */
export interface FailingFixture {
  readonly stack: readonly Subject[];
  readonly violations: Readonly<Record<string, string | readonly string[]>>;
}

/** What shows that a rule works. Every rule has at least one passing and one failing stack. */
export interface Fixtures {
  readonly rule: Rule;
  readonly passing: Readonly<Record<string, readonly Subject[]>>;
  readonly failing: Readonly<Record<string, FailingFixture>>;
  /** Stacks that cannot be decided before the deployment, and the resources concerned. */
  readonly undecided?: Readonly<Record<string, FailingFixture>>;
}

type Shapes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Fixtures of a rule about one resource: its properties when it is right, and when it is wrong in the one way. */
export function shapes(
  rule: Rule,
  message: string,
  { passing, failing, type = rule.types[0] ?? "" }: { passing: Shapes; failing: Shapes; type?: string },
): Fixtures {
  return {
    rule,
    passing: mapValues(passing, (props) => [subject(type, "it", props)]),
    failing: mapValues(failing, (props) => ({ stack: [subject(type, "it", props)], violations: { it: message } })),
  };
}

/** Fixtures of a rule about a resource and those that belong to it. */
export function stacks(
  rule: Rule,
  message: string,
  { passing, failing, on = "it" }: { passing: Stacks; failing: Stacks; on?: string },
): Fixtures {
  return { rule, passing, failing: mapValues(failing, (stack) => ({ stack, violations: { [on]: message } })) };
}

/** One rule's fixtures out of several: a rule that has more than one thing to say. */
export function together(first: Fixtures, ...others: readonly Fixtures[]): Fixtures {
  return others.reduce(
    (all, other) => ({
      rule: all.rule,
      passing: { ...all.passing, ...other.passing },
      failing: { ...all.failing, ...other.failing },
      undecided: { ...all.undecided, ...other.undecided },
    }),
    first,
  );
}

type Stacks = Readonly<Record<string, readonly Subject[]>>;

function mapValues<T, U>(values: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}
