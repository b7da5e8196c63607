/** JSONPath and intrinsic functions of the States Language, as far as the definitions here use them. */
export interface Context {
  readonly input: unknown;
  /** What `$$` stands for. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** A path, an intrinsic function or a quoted text, evaluated. @throws Error where the path leads nowhere. */
export function evaluate(expression: string, context: Context): unknown {
  const text = expression.trim();
  const call = /^States\.(\w+)\(([^]*)\)$/.exec(text);
  if (call)
    return intrinsic(
      call[1] ?? "",
      splitArguments(call[2] ?? "").map((part) => evaluate(part, context)),
    );
  if (text.startsWith("'"))
    return text.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => (sign === "n" ? "\n" : sign));
  if (/^-?\d+$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (text.startsWith("$$")) return follow(text.slice(1), context.context);
  if (text.startsWith("$")) return follow(text, context.input);
  throw new Error(`not an expression: ${text}`);
}

/** Whether a path leads anywhere. */
export function isPresent(path: string, context: Context): boolean {
  try {
    return evaluate(path, context) !== undefined;
  } catch {
    return false;
  }
}

/** Puts a result where `ResultPath` says; null throws it away. */
export function place(resultPath: string | null | undefined, input: unknown, result: unknown): unknown {
  if (resultPath === null) return input;
  if (resultPath === undefined || resultPath === "$") return result;
  const key = resultPath.replace(/^\$\./, "");
  if (key.includes(".")) throw new Error(`nested result path ${resultPath}`);
  return { ...(input as Record<string, unknown>), [key]: result };
}

/** A payload template: keys that end in `.$` are evaluated. */
export function fill(template: unknown, context: Context): unknown {
  if (Array.isArray(template)) return template.map((each) => fill(each, context));
  if (template === null || typeof template !== "object") return template;
  const filled = Object.entries(template).map(([key, value]) =>
    key.endsWith(".$") ? [key.slice(0, -2), evaluate(String(value), context)] : [key, fill(value, context)],
  );
  return Object.fromEntries(filled) as unknown;
}

function follow(path: string, root: unknown): unknown {
  const parts = path.slice(1).match(/\[\?\(.*?\)\]|[^.[\]]+/g) ?? [];
  let values: unknown[] = [root];
  let many = false;
  for (const part of parts) {
    if (part === "*") {
      many = true;
      values = values.flatMap((value) => value as unknown[]);
    } else if (part.startsWith("[?")) {
      many = true;
      values = values.flatMap((value) => value as unknown[]).filter((value) => passes(part, value));
    } else {
      values = values.map((value) => member(value, part));
    }
  }
  if (!many && values[0] === undefined) throw new Error(`${path} leads nowhere in ${JSON.stringify(root)}`);
  return many ? values : values[0];
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** A filter as `[?(@.Market == 'SPOT')]`. */
function passes(filter: string, value: unknown): boolean {
  const [, key = "", wanted] = /^\[\?\(@\.(\w+) == '([^']*)'\)\]$/.exec(filter) ?? [];
  if (wanted === undefined) throw new Error(`not a filter: ${filter}`);
  return (value as Record<string, unknown>)[key] === wanted;
}

function intrinsic(name: string, values: unknown[]): unknown {
  switch (name) {
    case "Format": {
      const [template, ...rest] = values;
      return String(template).replace(/\{\}/g, () => {
        if (rest.length === 0) throw new Error(`too few values for ${String(template)}`);
        const value = rest.shift();
        return typeof value === "string" ? value : JSON.stringify(value);
      });
    }
    case "Array":
      return values;
    case "ArrayGetItem":
      return (values[0] as unknown[])[values[1] as number];
    case "StringSplit":
      return String(values[0]).split(String(values[1]));
    case "ArrayContains":
      return (values[0] as unknown[]).includes(values[1]);
    case "ArrayLength":
      return (values[0] as unknown[]).length;
    case "MathAdd":
      return Number(values[0]) + Number(values[1]);
    case "MathRandom":
      return Math.floor((Number(values[0]) + Number(values[1])) / 2);
    case "JsonToString":
      return JSON.stringify(values[0]);
    default:
      throw new Error(`unknown function States.${name}`);
  }
}

/** Splits at commas outside of quotes and parentheses. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (quoted && sign === "\\") index++;
    else if (sign === "'") quoted = !quoted;
    else if (!quoted && sign === "(") depth++;
    else if (!quoted && sign === ")") depth--;
    else if (!quoted && depth === 0 && sign === ",") {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
