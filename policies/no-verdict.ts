import { MalformedValue } from "./malformed";
import type { Finding, Rule } from "./rule";
import { UnknownValue } from "./unknown";

/** What is said of a resource on which a rule can decide nothing before the deployment. */
export function undecided(error: Error): Finding {
  return { message: `undecided: ${error.message}`, fix: knownFix(error) };
}

/** What is said of a resource on which a rule failed: its form is wrong, or the rule does not know it. */
export function broken({ name }: Pick<Rule, "name">, error: unknown): Finding {
  const message = `the rule itself failed: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof MalformedValue) return { message, fix: error.fix };
  return { message, fix: `RULES.find(({ name }) => name === "${name}")?.check(subject, stack, {}); // must not throw` };
}

/** The property with a value that the program itself knows: what it is made of instead of what AWS makes of it. */
function knownFix(error: Error): string {
  if (error instanceof UnknownValue && error.fix !== undefined) return error.fix;
  const property =
    pathOf(error)
      .match(/[A-Za-z_]\w*/g)
      ?.at(-1) ?? "value";
  return `${property}: "…", // known to the program; else pulumi up decides, where it is known`;
}

/** CrossGuard's own error keeps its path in its message alone, `… value at .a.b can't be known …`. */
function pathOf(error: Error): string {
  if (error instanceof UnknownValue) return error.path;
  return /value at \.(\S+)/.exec(error.message)?.[1] ?? "";
}
