import table from "./control-table.json";
import { EXEMPTIONS } from "./platform-exemptions";
import { GROUPS, type Rule } from "./rule";

/** A control that some checker tests, or that none of them does, and what this pack does about it. */
export interface Control {
  readonly service: string;
  readonly control: string;
  /** Ids by checker, as its own documents write them. */
  readonly ids: Readonly<Record<string, string | undefined>>;
  readonly rules?: readonly string[];
  /** Why there is no rule. */
  readonly reason?: string;
}

export const CONTROLS = table as readonly Control[];

const byRule = new Map<string, readonly string[]>();
for (const { rules = [], ids } of CONTROLS) {
  const written = Object.values(ids).flatMap((list) => (list ?? "").split(/, (?![^(]*\))/));
  for (const rule of rules) byRule.set(rule, [...new Set([...(byRule.get(rule) ?? []), ...written])]);
}

/** Ids of the controls elsewhere that ask for the same as a rule. */
export function controlsOf(rule: string): readonly string[] {
  return byRule.get(rule) ?? [];
}

const CHECKERS = ["checkov", "cdk-nag", "Security Hub", "Prowler", "trivy", "Pulumi"] as const;

/** docs/controls.md: every rule, then every control with its rule or the reason why there is none. */
export function renderControls(rules: readonly Rule[]): string {
  const known = CONTROLS.filter(({ ids }) => Object.keys(ids).length > 0);
  const own = CONTROLS.filter(({ ids }) => Object.keys(ids).length === 0);
  return [
    "# Policies and controls",
    "",
    "What the pack in `policies/` checks, and what it does about each control that checkov, cdk-nag, AWS Security Hub,",
    "Prowler, trivy and Pulumi's own packs test for the services of a data platform. `basin plan` runs it without the",
    "engine; `pulumi preview --policy-pack policies` runs it in the engine. Written by `npx vitest run policies/controls -u`.",
    "",
    "## Rules",
    "",
    ...GROUPS.flatMap((group) => ruleTable(group, rules)),
    "## Controls of other checkers",
    "",
    row(["#", "Service", "Control", ...CHECKERS, "Here"]),
    row(["", "", "", ...CHECKERS, ""].map(() => "---")),
    ...known.map(({ service, control, ids, rules: own_, reason }, index) =>
      row([
        String(index + 1),
        service,
        control,
        ...CHECKERS.map((checker) => ids[checker] ?? ""),
        answer(own_, reason),
      ]),
    ),
    "",
    "### Resources of the platform to which one does not apply",
    "",
    "`tests/controls.test.ts` holds the plan of the platform itself to these controls, by their numbers, but for:",
    "",
    row(["#", "Resource", "Reason"]),
    row(["---", "---", "---"]),
    ...EXEMPTIONS.map(({ controls, resource, reason }) => row([controls.join(", "), resource, reason])),
    "",
    "## Controls that none of them has",
    "",
    row(["Service", "Control", "Here"]),
    row(["---", "---", "---"]),
    ...own.map(({ service, control, rules: rules_, reason }) => row([service, control, answer(rules_, reason)])),
    "",
  ].join("\n");
}

function ruleTable(group: string, rules: readonly Rule[]): string[] {
  const own = rules.filter((rule) => rule.group === group);
  return [
    `### ${group[0]?.toUpperCase() ?? ""}${group.slice(1)}`,
    "",
    row(["Rule", "What it asks", "dev", "prod"]),
    row(["---", "---", "---", "---"]),
    ...own.map(({ name, description, enforcement }) => {
      const [dev, prod] =
        typeof enforcement === "string" ? [enforcement, enforcement] : [enforcement.dev, enforcement.prod];
      return row([`\`${name}\``, description, dev, prod]);
    }),
    "",
  ];
}

function answer(rules: readonly string[] | undefined, reason: string | undefined): string {
  return rules ? rules.map((name) => `\`${name}\``).join(", ") : (reason ?? "");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("*:*", "`*:*`")).join(" | ")} |`;
}
