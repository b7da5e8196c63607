import type { Subject } from "../rule";
import { guarded } from "../unknown";

/** A resource for a test: its references are the names of the resources that a property comes from. */
export function subject(
  type: string,
  name: string,
  props: Record<string, unknown>,
  references: Record<string, readonly string[]> = {},
  opts: Subject["opts"] = {},
): Subject {
  return { urn: name, type, name, props: guarded(props), references, opts };
}
