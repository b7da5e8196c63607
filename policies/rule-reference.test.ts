import { resolve } from "node:path";
import { expect, it } from "vitest";
import { RULES } from "./rules";
import { renderRuleReference } from "./testing/rule-reference";

it("every rule stands in docs/policy-rules.md with its fix (otherwise: npx vitest run policies/rule-reference -u)", async () => {
  const reference = renderRuleReference();
  const entries = reference.split("\n### ").slice(1);
  const withFix = entries.filter((entry) => /\n {2}```ts\n {2}.+\n {2}```\n/.test(entry));
  expect(withFix.map((entry) => entry.split("\n")[0]).sort()).toEqual(RULES.map(({ name }) => name).sort());
  await expect(reference).toMatchFileSnapshot(resolve(__dirname, "../docs/policy-rules.md"));
});
