import type { StackView } from "./stack-view";

/** A resource's properties, as inputs with what is known of its outputs. Reading an unknown one throws `UnknownValue`. */
export type Props = Readonly<Record<string, unknown>>;

/** What a rule is told of a resource: the part that a plan and CrossGuard both know. */
export interface Subject {
  readonly urn: string;
  /** Type token, as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  readonly props: Props;
  readonly opts: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] };
  /** URNs of the resources that a property's value comes from: known even while the value is not. */
  readonly references: Readonly<Record<string, readonly string[]>>;
}

export const GROUPS = ["encryption", "placement", "access", "resilience", "lake", "cost"] as const;
export type Group = (typeof GROUPS)[number];
export type Enforcement = "mandatory" | "advisory";
/** How strictly a rule holds: everywhere alike, or by environment. */
export type Enforcements = Enforcement | Readonly<Record<Environment, Enforcement | "disabled">>;
export const ENVIRONMENTS = ["dev", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What is wrong with one resource. */
export interface Finding {
  /** What is wrong, in words that make sense without the rule's name. */
  readonly message: string;
  /** The value found; left out where something is missing. */
  readonly value?: unknown;
  /** One line of TypeScript that would make it right. */
  readonly fix: string;
}

/** One rule of the pack. */
export interface Rule {
  /** Service, resource and what is asked of it, as `s3-bucket-encryption`. Exceptions refer to it. */
  readonly name: string;
  readonly group: Group;
  /** The rule as a sentence, for documents and for CrossGuard's list. */
  readonly description: string;
  readonly enforcement: Enforcements;
  /** Type tokens of the resources that it is about. */
  readonly types: readonly string[];
  /** Whether it looks at other resources too: such a rule runs on the whole stack, the others on one resource alone. */
  readonly scope: "resource" | "stack";
  /** Limits that a team may set for itself, by name. */
  readonly limits?: Readonly<Record<string, Limit>>;
  /** Everything wrong with one resource of `types`; nothing when it is as it should be. */
  check(subject: Subject, stack: StackView, limits: Limits): Iterable<Finding>;
}

/** A number in a rule that is a choice, with the choice made here. */
export interface Limit {
  readonly default: number;
  readonly description: string;
}
export type Limits = Readonly<Record<string, number>>;

/** The limits of a rule as they are when nobody sets them. */
export function defaultLimits({ limits = {} }: Pick<Rule, "limits">): Limits {
  return Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit.default]));
}

/** How strictly a rule holds in an environment. */
export function enforcementIn(rule: Pick<Rule, "enforcement">, environment: Environment): Enforcement | "disabled" {
  return typeof rule.enforcement === "string" ? rule.enforcement : rule.enforcement[environment];
}
