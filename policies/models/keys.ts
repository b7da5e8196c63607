import { text } from "../reading";
import type { Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

const indexes = new WeakMap<StackView, ReadonlyMap<string, string>>();

/**
 * One name for a key, however it is written: its id, its ARN, an alias' name or ARN. Two that are equal by it are the
 * same key; a key that the stack does not declare is known by its id.
 */
export function keyIdentity(written: string, stack: StackView): string {
  const known = indexes.get(stack) ?? indexKeys(stack);
  indexes.set(stack, known);
  return known.get(written) ?? withoutPath(written);
}

function indexKeys(stack: StackView): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const add = (subject: Subject, properties: readonly string[], identity: string): void => {
    for (const property of properties) {
      const value = ifKnown(() => text(subject.props[property]));
      if (value !== undefined) index.set(value, identity);
    }
  };
  for (const key of stack.ofTypes(KEY)) {
    const id = ifKnown(() => text(key.props.keyId) ?? text(key.props.id) ?? text(key.props.arn));
    add(key, ["keyId", "id", "arn"], id === undefined ? key.urn : withoutPath(id));
  }
  for (const alias of stack.ofTypes(ALIAS)) {
    const target = ifKnown(() => text(alias.props.targetKeyId));
    if (target !== undefined) add(alias, ["name", "id", "arn"], index.get(target) ?? withoutPath(target));
  }
  return index;
}

/** `arn:aws:kms:us-east-1:111122223333:key/1` and `1` are one key. */
function withoutPath(written: string): string {
  return written.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:key\//, "");
}
