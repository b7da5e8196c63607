import { REPLACEMENTS } from "../../components/replacements";
import type { Properties } from "./shape";

/** The sentence that explains a replacement, or null when the change is an update in place. */
export function replacementCause(type: string, changed: readonly string[]): string | null {
  const rule = REPLACEMENTS[type];
  const forcing = changed.filter((property) => rule?.properties.includes(property));
  return rule && forcing.length > 0 ? `${forcing.join(", ")} cannot be changed in place: ${rule.source}` : null;
}

/** Top-level properties whose values differ. Both sides come with their keys in order. */
export function differingProperties(before: Properties, after: Properties): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
