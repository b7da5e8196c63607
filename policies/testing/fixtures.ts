import type { Rule, Subject } from "../rule";

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
