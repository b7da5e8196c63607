import { z } from "zod";
import type { Fault } from "./faults";

type Path = readonly PropertyKey[];

/** Every issue of a failed parse as a fault with the value found and what is allowed. */
export function faultsOf(error: z.ZodError, where: string, input: unknown, schema: z.core.$ZodType): Fault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, where, input, schema));
}

function issueFaults(issue: z.core.$ZodIssue, where: string, input: unknown, schema: z.core.$ZodType): Fault[] {
  const found = valueAt(input, issue.path);
  const key = formatPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const allowed = keysAt(schema, input, issue.path).join(", ");
      return issue.keys.map((unknown) => ({
        where,
        key: formatPath([...issue.path, unknown]),
        message: "is not a key of Basin",
        allowed,
      }));
    }
    case "invalid_value":
      return [
        {
          where,
          key,
          message: missing(found) ?? "is not allowed",
          found,
          allowed: issue.values.map(String).join(", "),
        },
      ];
    case "invalid_type":
      return [{ where, key, message: missing(found) ?? "has the wrong type", found, allowed: article(issue.expected) }];
    case "invalid_union":
      return [
        {
          where,
          key,
          message: missing(found) ?? unionMessage(issue),
          found,
          allowed: unionAllowed(schema, input, issue),
        },
      ];
    default: {
      const [message = "is not allowed", allowed] = issue.message.split("; allowed: ");
      return [{ where, key, message, found, allowed: allowed ?? undefined }];
    }
  }
}

function missing(found: unknown): string | undefined {
  return found === undefined ? "is required" : undefined;
}

function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  return issue.discriminator === undefined ? "is not allowed" : "is not a known kind";
}

function unionAllowed(
  schema: z.core.$ZodType,
  input: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
): string | undefined {
  const parent = issue.discriminator ? issue.path.slice(0, -1) : issue.path;
  const union = unwrap(nodeAt(schema, input, parent));
  if (!(union instanceof z.ZodDiscriminatedUnion)) return undefined;
  const kinds = union.options.flatMap((option) => [...(option._zod.propValues?.[union.def.discriminator] ?? [])]);
  return kinds.map(String).join(", ");
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** `["columns", 2, "type"]` → `columns[2].type`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (value === null || typeof value !== "object") return undefined;
    return (value as Record<PropertyKey, unknown>)[part];
  }, input);
}

function keysAt(schema: z.core.$ZodType, input: unknown, path: Path): string[] {
  const node = unwrap(nodeAt(schema, input, path));
  return node instanceof z.ZodObject ? Object.keys(node.shape) : [];
}

/** The schema that checks `path`; a union's member is chosen by the input's own discriminator. */
function nodeAt(schema: z.core.$ZodType, input: unknown, path: Path): z.core.$ZodType | undefined {
  let node: z.core.$ZodType | undefined = schema;
  for (const [depth, part] of path.entries()) {
    const container = member(unwrap(node), valueAt(input, path.slice(0, depth)));
    if (container instanceof z.ZodObject) node = container.shape[String(part)] as z.core.$ZodType | undefined;
    else if (container instanceof z.ZodArray) node = container.element;
    else if (container instanceof z.ZodRecord) node = container.valueType;
    else node = undefined;
  }
  return node && member(unwrap(node), valueAt(input, path));
}

function member(node: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  if (!(node instanceof z.ZodDiscriminatedUnion)) return node;
  const { discriminator } = node.def;
  const chosen = valueAt(value, [discriminator]);
  return (
    node.options.find((option) => option._zod.propValues?.[discriminator]?.has(chosen as z.core.util.Primitive)) ?? node
  );
}

function unwrap(node: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (node instanceof z.ZodDefault || node instanceof z.ZodOptional || node instanceof z.ZodNullable) {
    return unwrap(node.def.innerType);
  }
  if (node instanceof z.ZodPipe) return unwrap(node.def.in);
  return node;
}
