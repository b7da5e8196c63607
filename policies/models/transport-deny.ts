import { object, texts } from "../reading";
import type { PolicyStatement } from "./policy-document";

/** Whether a statement refuses everybody who comes without TLS, and is not narrowed by anything else. */
export function isPublicDeny({ effect, principals, condition }: PolicyStatement): boolean {
  if (effect !== "Deny" || !principals.includes("*")) return false;
  const operators = Object.entries(condition);
  const [only] = operators;
  // Every request has the key, so that `…IfExists` refuses no fewer.
  if (operators.length !== 1 || !/^Bool(IfExists)?$/i.test(only?.[0] ?? "")) return false;
  const keys = Object.entries(object(only?.[1]));
  const [key, value] = keys[0] ?? [];
  const refusesPlain = value === false || (texts(value).length === 1 && texts(value)[0] === "false");
  return keys.length === 1 && key?.toLowerCase() === "aws:securetransport" && refusesPlain;
}
