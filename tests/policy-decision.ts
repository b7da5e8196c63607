import type { PolicyDocument, Statement } from "../components/policy-document";

/** A call as a policy sees it: context keys that the caller did not send are absent. */
export interface Call {
  readonly principal: { readonly service: string } | { readonly account: string };
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * What one policy decides by AWS's evaluation logic, for the operators that Basin uses: an explicit deny wins, then an
 * allow, else the policy says nothing.
 */
export function decide(policy: PolicyDocument, call: Call): "deny" | "allow" | "none" {
  const matching = policy.Statement.filter((statement) => matches(statement, call));
  if (matching.some(({ Effect }) => Effect === "Deny")) return "deny";
  return matching.length > 0 ? "allow" : "none";
}

function matches(statement: Statement, call: Call): boolean {
  return (
    matchesPrincipal(statement.Principal, call.principal) &&
    texts(statement.Action).some((pattern) => like(pattern, call.action)) &&
    (statement.Resource === undefined || texts(statement.Resource).some((pattern) => like(pattern, call.resource))) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, texts(values), call.context?.[key])),
    )
  );
}

function matchesPrincipal(declared: Statement["Principal"], actual: Call["principal"]): boolean {
  if (declared === undefined || declared === "*") return true;
  if ("service" in actual) return texts(declared["Service"] ?? []).includes(actual.service);
  return texts(declared["AWS"] ?? []).includes(`arn:aws:iam::${actual.account}:root`);
}

function holds(operator: string, values: readonly string[], actual: string | undefined): boolean {
  switch (operator) {
    case "Null":
      return values.includes(String(actual === undefined));
    // Negated operators also match a key that is absent; all others do not.
    case "StringNotEquals":
      return actual === undefined || !values.includes(actual);
    case "StringEquals":
    case "ArnEquals":
    case "Bool":
      return actual !== undefined && values.includes(actual);
    case "ArnLike":
    case "StringLike":
      return actual !== undefined && values.some((pattern) => like(pattern, actual));
    // True for a key that is absent: it says that no value is outside.
    case "ForAllValues:StringEquals":
      return actual === undefined || values.includes(actual);
    case "NumericLessThan":
      return actual !== undefined && values.some((value) => Number(actual) < Number(value));
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}

function like(pattern: string, text: string): boolean {
  const expression = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${expression.join(".*")}$`).test(text);
}

function texts(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
