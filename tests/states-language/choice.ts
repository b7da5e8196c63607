import type { ChoiceRule, ChoiceState } from "../../components/pipelines/states";
import { evaluate, isPresent, type Context } from "./paths";

/** Where a Choice leads. */
export function choose({ Choices, Default }: ChoiceState, context: Context): string {
  return Choices.find((rule) => holds(rule, context))?.Next ?? Default;
}

function holds(rule: ChoiceRule, context: Context): boolean {
  if (rule.And) return rule.And.every((each) => holds(each, context));
  if (rule.Or) return rule.Or.some((each) => holds(each, context));
  const path = rule.Variable ?? "$";
  if (rule.IsPresent !== undefined) return isPresent(path, context) === rule.IsPresent;
  const value = evaluate(path, context);
  if (rule.BooleanEquals !== undefined) return value === rule.BooleanEquals;
  if (rule.IsString !== undefined) return (typeof value === "string") === rule.IsString;
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  if (rule.StringMatches !== undefined) return typeof value === "string" && wildcard(rule.StringMatches).test(value);
  if (rule.NumericGreaterThanEquals !== undefined) return Number(value) >= rule.NumericGreaterThanEquals;
  if (rule.NumericGreaterThanEqualsPath !== undefined)
    return Number(value) >= Number(evaluate(rule.NumericGreaterThanEqualsPath, context));
  throw new Error(`a rule without a comparison: ${JSON.stringify(rule)}`);
}

/** `*` stands for any text, `\*` for itself. */
function wildcard(pattern: string): RegExp {
  const parts = pattern
    .split(/(?<!\\)\*/)
    .map((part) => part.replace(/\\\*/g, "*").replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}
