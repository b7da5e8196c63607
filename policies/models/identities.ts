import { objects, text } from "../reading";
import type { Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";
import { statementsOf, type PolicyStatement } from "./policy-document";

const ROLE = "aws:iam/role:Role";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const ATTACHMENTS = ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"];
const INLINE = ["aws:iam/rolePolicy:RolePolicy"];
const POLICY = "aws:iam/policy:Policy";

/** The declared role behind a name or an ARN. */
export function roleNamed(nameOrArn: string | undefined, stack: StackView): Subject | undefined {
  return find(ROLE, nameOrArn, stack);
}

/** The role of a declared instance profile, by the profile's name or ARN. */
export function roleOfProfile(nameOrArn: string | undefined, stack: StackView): Subject | undefined {
  const profile = find(PROFILE, nameOrArn, stack);
  return (
    profile &&
    roleNamed(
      ifKnown(() => text(profile.props.role)),
      stack,
    )
  );
}

/** Everything that a role may and may not do, by policies that the stack declares. */
export function statementsOfRole(role: Subject, stack: StackView): readonly PolicyStatement[] {
  const attached = stack
    .referring(ATTACHMENTS, "role", role)
    .flatMap(
      ({ props }) =>
        find(
          POLICY,
          ifKnown(() => text(props.policyArn)),
          stack,
        ) ?? [],
    )
    .map(({ props }) => props.policy);
  const separate = stack.referring(INLINE, "role", role).map(({ props }) => props.policy);
  const inline = objects(role.props.inlinePolicies).map(({ policy }) => policy);
  return [...attached, ...separate, ...inline].flatMap(statementsOf);
}

const indexes = new WeakMap<StackView, Map<string, ReadonlyMap<string, Subject>>>();

function find(type: string, nameOrArn: string | undefined, stack: StackView): Subject | undefined {
  if (nameOrArn === undefined) return undefined;
  const byType = indexes.get(stack) ?? new Map<string, ReadonlyMap<string, Subject>>();
  indexes.set(stack, byType);
  const index = byType.get(type) ?? indexOf(type, stack);
  byType.set(type, index);
  return index.get(nameOrArn);
}

function indexOf(type: string, stack: StackView): ReadonlyMap<string, Subject> {
  const index = new Map<string, Subject>();
  for (const subject of stack.ofTypes(type)) {
    for (const property of ["name", "arn", "id"]) {
      const value = ifKnown(() => text(subject.props[property]));
      if (value !== undefined) index.set(value, subject);
    }
  }
  return index;
}
