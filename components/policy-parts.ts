import type { Names } from "./names";
import { policyDocument, type Statement } from "./policy-document";

/** Characters that IAM allows in a managed policy; white space does not count, and there is none. */
export const MANAGED_POLICY_LIMIT = 6_144;
/** Managed policies that one role holds, unless AWS has raised the account's quota. */
export const POLICIES_A_ROLE = 10;

/** As long as every key's ARN of this account and region, which only a deployment knows. */
export function sampleKeyArn(names: Pick<Names, "arn">): string {
  return names.arn("kms", `key/${"0".repeat(36)}`);
}

/**
 * Allowing statements as policies that IAM accepts, first come first in. A statement that is longer than a policy is
 * cut in its longest list (resources, or the values of a condition): each part allows its share.
 */
export function policyParts(statements: readonly Statement[], limit = MANAGED_POLICY_LIMIT): Statement[][] {
  const parts: Statement[][] = [];
  for (const statement of statements.flatMap((each) => fitting(each, limit))) {
    const last = parts.at(-1);
    if (last && sizeOf([...last, statement]) <= limit) last.push(statement);
    else parts.push([statement]);
  }
  return parts;
}

function fitting(statement: Statement, limit: number): Statement[] {
  if (sizeOf([statement]) <= limit) return [statement];
  const halves = halved(statement);
  if (halves === undefined) throw new Error(`${statement.Sid}: no policy holds a statement of ${sizeOf([statement])}`);
  return halves.flatMap((half, index) => fitting({ ...half, Sid: `${statement.Sid}${"AB"[index] ?? ""}` }, limit));
}

function halved(statement: Statement): [Statement, Statement] | undefined {
  const { Resource, Condition = {} } = statement;
  const lists = [
    ...(Array.isArray(Resource)
      ? [
          {
            values: Resource as readonly string[],
            put: (values: readonly string[]) => ({ ...statement, Resource: values }),
          },
        ]
      : []),
    ...Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, values]) =>
        typeof values === "string"
          ? []
          : [
              {
                values,
                put: (some: readonly string[]) => ({
                  ...statement,
                  Condition: { ...Condition, [operator]: { ...keys, [key]: some } },
                }),
              },
            ],
      ),
    ),
  ];
  const longest = lists.sort((a, b) => JSON.stringify(b.values).length - JSON.stringify(a.values).length)[0];
  if (longest === undefined || longest.values.length < 2) return undefined;
  const middle = Math.ceil(longest.values.length / 2);
  return [longest.put(longest.values.slice(0, middle)), longest.put(longest.values.slice(middle))];
}

function sizeOf(statements: readonly Statement[]): number {
  return JSON.stringify(policyDocument(statements)).length;
}
