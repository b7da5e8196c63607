import { checkStack } from "../check";
import { controlsOf } from "../controls";
import { enforcementIn, GROUPS, type Rule } from "../rule";
import { RULES } from "../rules";
import { ALL_FIXTURES } from "./all-fixtures";

/** docs/policy-rules.md: every rule with what it says of its own failing fixtures, each with the fix. */
export function renderRuleReference(): string {
  return [
    "# Every policy, what it says and how it is put right",
    "",
    "What each rule says, and its fix, is what it says of its own fixtures. `…` in a fix stands for what you have already,",
    "or choose. Written by `npx vitest run policies/rule-reference -u`; [policies.md](policies.md) says how the pack is used.",
    "",
    ...GROUPS.flatMap((group) => [
      `## ${group[0]?.toUpperCase() ?? ""}${group.slice(1)}`,
      "",
      ...RULES.filter((rule) => rule.group === group).flatMap(ruleEntry),
    ]),
  ].join("\n");
}

function ruleEntry(rule: Rule): string[] {
  const controls = controlsOf(rule.name);
  const limits = Object.entries(rule.limits ?? {}).map(
    ([name, limit]) => `Limit \`${name}\`, ${limit.default} unless you set it: ${limit.description}`,
  );
  return [
    `### ${rule.name}`,
    "",
    `${rule.description} ${levels(rule)}${controls.length > 0 ? ` Elsewhere: ${controls.join(", ")}.` : ""}`,
    "",
    ...limits.flatMap((limit) => [limit, ""]),
    ...sayings(rule).flatMap(([message, fix]) => [`- ${message}`, "", "  ```ts", `  ${fix}`, "  ```", ""]),
  ];
}

function levels(rule: Rule): string {
  const [dev, prod] = [enforcementIn(rule, "dev"), enforcementIn(rule, "prod")];
  return dev === prod ? `_${dev}_.` : `_${dev} in dev, ${prod} in prod_.`;
}

/** Each thing that a rule says, once, with the first of its fixes. */
function sayings(rule: Rule): readonly (readonly [message: string, fix: string])[] {
  const stacks = ALL_FIXTURES.filter((fixtures) => fixtures.rule === rule).flatMap(({ failing }) =>
    Object.values(failing).map(({ stack }) => stack),
  );
  const said = new Map<string, string>();
  for (const { message, fix, isBroken } of stacks.flatMap((stack) => checkStack(stack, [rule]).violations)) {
    const plain = message.replace("the cluster of state Create", "the cluster");
    if (isBroken !== true && !said.has(plain)) said.set(plain, fix);
  }
  return [...said];
}
