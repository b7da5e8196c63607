import { checkStack, type Verdict } from "../../policies/check";
import type { PackOptions } from "../../policies/crossguard";
import { applyExceptions, misread } from "../../policies/exceptions";
import { readExceptions } from "../../policies/read-exceptions";
import type { Subject } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import { guarded } from "../../policies/unknown";
import type { RecordedResource } from "./record";
import { SECRET, UNKNOWN, type Json, type Plan, type Violation } from "./shape";

/** Runs the pack on what a program declares, without Pulumi's engine. */
export function checkPolicies(
  resources: readonly RecordedResource[],
  { environment, exceptions, today }: PackOptions,
): Plan["policies"] {
  const { checked, violations } = checkStack(resources.map(subjectOf), RULES, environment);
  const agreed = readExceptions(
    exceptions,
    RULES.map(({ name }) => name),
  );
  const left = [...applyExceptions(violations, agreed.exceptions, today), ...agreed.faults.map(misread)];
  return { checked, violations: left.map(violationOf) };
}

/** A verdict as the plan has it. */
export function violationOf({
  policy,
  enforcement,
  urn,
  message,
  value,
  fix,
  controls,
  undecided,
}: Verdict): Violation {
  const found = value === undefined ? {} : { value: JSON.parse(JSON.stringify(value)) as Json };
  return { policy, enforcement, urn, message, ...found, fix, controls, undecided };
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
