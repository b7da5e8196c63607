import type { Props } from "./rule";

/**
 * Reading of properties whose types nobody checked: another team's stack may hold a text where an object belongs, and a
 * rule must not take the wrong form for the right value.
 */

/** The object that it is, or one without properties: `object(props.a).b` reads like `props.a?.b`. */
export function object(value: unknown): Props {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Props) : {};
}

/** The list that it is; a single object counts as a list of one, anything else as an empty list. */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === "object" ? [value] : [];
}

/** The list of objects that it is. */
export function objects(value: unknown): readonly Props[] {
  return list(value).map(object);
}

/** The text that it is, if it is one and not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** One text or several, as policy documents and APIs allow both. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((each) => text(each) ?? []);
}

/** The number that it is; a text of digits counts, as providers accept it. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** The object behind a JSON text, or an object given as such; undefined when it is neither. */
export function document(value: unknown): Props | undefined {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Props;
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed !== null && typeof parsed === "object" && !Array.isArray(parsed) ? (parsed as Props) : undefined;
  } catch {
    return undefined;
  }
}
