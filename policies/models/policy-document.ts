import { MalformedValue } from "../malformed";
import { document, object, objects, text, texts } from "../reading";
import type { Props } from "../rule";

/** One statement of an IAM or resource policy, in one form. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `*`, ARNs and service names alike. */
  readonly principals: readonly string[];
  readonly services: readonly string[];
  readonly federated: readonly string[];
  /** Everybody but those: as good as public when it allows. */
  readonly excludesPrincipals: boolean;
  readonly condition: Props;
}

/**
 * The statements of a policy, given as JSON text or as an object.
 *
 * @throws MalformedValue when there is a policy and it is not a document: what nobody can read, nobody has checked.
 */
export function statementsOf(policy: unknown): readonly PolicyStatement[] {
  if (policy === undefined || policy === null || policy === "") return [];
  const parsed = document(policy);
  if (!parsed) {
    const fix = 'policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ … }] })';
    throw new MalformedValue("the policy is not a JSON document", fix);
  }
  return objects(parsed.Statement).map((statement) => {
    const principal = statement.Principal;
    const named = object(principal);
    return {
      sid: text(statement.Sid) ?? "",
      effect: text(statement.Effect) ?? "",
      actions: texts(statement.Action),
      notActions: texts(statement.NotAction),
      resources: texts(statement.Resource),
      notResources: texts(statement.NotResource),
      principals: typeof principal === "string" ? [principal] : Object.values(named).flatMap(texts),
      services: texts(named.Service),
      federated: texts(named.Federated),
      excludesPrincipals: statement.NotPrincipal !== undefined,
      condition: object(statement.Condition),
    };
  });
}

/** IAM's wildcards: `*` any text, `?` one character. Actions ignore case. */
export function matches(pattern: string, value: string, ignoreCase = false): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[\\s\\S]*")
    .replaceAll("?", "[\\s\\S]");
  return new RegExp(`^${escaped}$`, ignoreCase ? "i" : "").test(value);
}

/** Whether a statement speaks of this action. */
export function coversAction({ actions, notActions }: PolicyStatement, action: string): boolean {
  if (notActions.length > 0) return !notActions.some((pattern) => matches(pattern, action, true));
  return actions.some((pattern) => matches(pattern, action, true));
}

/**
 * Whether a pattern of resources reaches one that nobody thought of when it was written: the probe has a name like no
 * other, in the pattern's own account and region.
 */
export function reaches(pattern: string, probe: string): boolean {
  const own = pattern.split(":");
  const adapted = probe.split(":").map((part, index) => {
    const given = index === 3 || index === 4 ? own[index] : undefined;
    return given === undefined || /[*?]/.test(given) ? part : given;
  });
  return matches(pattern, adapted.join(":"));
}

/** Whether a statement speaks of this resource. */
export function coversResource({ resources, notResources }: PolicyStatement, resource: string): boolean {
  if (notResources.length > 0) return !notResources.some((pattern) => matches(pattern, resource));
  return resources.some((pattern) => matches(pattern, resource));
}

/**
 * Whether statements allow an action on a resource. Conditions of an Allow are taken as met, those of a Deny as not:
 * what this calls denied is denied.
 */
export function allows(statements: readonly PolicyStatement[], action: string, resource: string): boolean {
  const covering = statements.filter((each) => coversAction(each, action) && coversResource(each, resource));
  const denied = covering.some(({ effect, condition }) => effect === "Deny" && Object.keys(condition).length === 0);
  return !denied && covering.some(({ effect }) => effect === "Allow");
}

/** Condition keys that only callers of one's own can meet. */
const NARROWING = new Set(
  [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:userid",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
  ].map((key) => key.toLowerCase()),
);
/** Operators that a missing key cannot pass: not the negated ones, `…IfExists`, `ForAllValues:` or `Null`. */
const POSITIVE = /^(ForAnyValue:)?(StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike)$/i;

/** Whether a condition keeps strangers out. */
export function narrows(condition: Props): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries(object(keys)).some(
        ([key, values]) =>
          NARROWING.has(key.toLowerCase()) &&
          texts(values).length > 0 &&
          texts(values).every((each) => !/^\*+$/.test(each)),
      ),
  );
}

/** Whether a statement lets in anybody of any account. */
export function isPublic(statement: PolicyStatement): boolean {
  if (statement.effect !== "Allow" || narrows(statement.condition)) return false;
  return statement.excludesPrincipals || statement.principals.some((principal) => principal === "*");
}
