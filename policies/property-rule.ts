import type { Enforcements, Group, Limits, Props, Rule } from "./rule";

/** A rule about one property of one resource: most are no more than that. */
export interface PropertyRule {
  readonly name: string;
  readonly group: Group;
  readonly description: string;
  readonly enforcement: Enforcements;
  readonly types: readonly string[];
  /** Which of those resources it is about; all when left out. */
  readonly applies?: (props: Props) => boolean;
  /** The value that decides. */
  readonly value: (props: Props) => unknown;
  readonly holds: (value: unknown, props: Props, limits: Limits) => boolean;
  readonly limits?: Rule["limits"];
  readonly message: string;
  readonly fix: string;
}

export function propertyRule(spec: PropertyRule): Rule {
  const { name, group, description, enforcement, types, applies, value, holds, limits, message, fix } = spec;
  return {
    name,
    group,
    description,
    enforcement,
    types,
    scope: "resource",
    limits,
    *check({ props }, _, chosen) {
      if (applies && !applies(props)) return;
      const found = value(props);
      if (!holds(found, props, chosen)) yield { message, value: found, fix };
    },
  };
}

/** Exactly true: a text that says so is a provider's error waiting to happen. */
export const isTrue = (value: unknown): boolean => value === true;

/** A key of the owner's: named, and not one that AWS manages for everybody in the account. */
export function isOwnKey(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !/(^|[:/])alias\/aws\//.test(value);
}
