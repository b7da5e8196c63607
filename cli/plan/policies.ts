import { checkStack } from "../../policies/check";
import type { Subject } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import { guarded } from "../../policies/unknown";
import type { RecordedResource } from "./record";
import { SECRET, UNKNOWN, type Json, type Plan } from "./shape";

/** Runs the pack on what a program declares, without Pulumi's engine. */
export function checkPolicies(resources: readonly RecordedResource[]): Plan["policies"] {
  const { checked, violations } = checkStack(resources.map(subjectOf), RULES);
  return { checked, violations: violations.map(({ value, ...rest }) => ({ ...rest, ...shown(value) })) };
}

/** A planned resource as the rules read it: outputs over inputs, what is unknown or secret not to be decided upon. */
export function subjectOf({
  urn,
  type,
  name,
  inputs,
  outputs,
  options,
  propertyDependencies,
}: RecordedResource): Subject {
  return {
    urn,
    type,
    name,
    props: guarded({ ...inputs, ...outputs }, (value) => value === UNKNOWN || value === SECRET),
    opts: options,
    references: propertyDependencies,
  };
}

function shown(value: unknown): { value?: Json } {
  return value === undefined ? {} : { value: JSON.parse(JSON.stringify(value)) as Json };
}
