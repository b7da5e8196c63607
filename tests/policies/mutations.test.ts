import { resolve } from "node:path";
import Table from "cli-table3";
import { beforeAll, describe, expect, it } from "vitest";
import { subjectOf } from "../../cli/plan/policies";
import { record, type RecordedResource } from "../../cli/plan/record";
import { readStackConfig } from "../../cli/plan/stack-file";
import { readDatasets } from "../../declarations/load";
import { checkStack } from "../../policies/check";
import { RULES } from "../../policies/rules";
import { ALL_FIXTURES } from "../../policies/testing/all-fixtures";
import { decide, declarePlatform } from "../../stacks/program";
import { parseSettings } from "../../stacks/settings";
import { mutationsOf, withoutResource, type Mutation } from "./break";
import { clusterMutations } from "./clusters";
import { NEEDED, TARGETS } from "./targets/index";

const ROOT = resolve(__dirname, "../..");
let plan: readonly RecordedResource[];
let mutations: readonly Mutation[];

beforeAll(async () => {
  const config = readStackConfig(ROOT, "prod");
  const settings = parseSettings(config, "prod");
  const environment = decide(settings, readDatasets("datasets"));
  const { accountId, region } = settings;
  const target = { project: "basin", stack: "prod", account: { accountId, region }, config, root: ROOT };
  plan = (await record(target, () => void declarePlatform(environment))).resources;
  mutations = [
    ...TARGETS.flatMap((each) => mutationsOf(each, plan)),
    ...NEEDED.map(([rule, type, name]) => withoutResource(rule, type, name, plan)),
    ...clusterMutations(plan),
  ];
}, 60_000);

/** What the rule says of a stack; of what it should say nothing else is asked. */
function verdictsBy(rule: string, stack: Mutation["stack"]): ReturnType<typeof checkStack>["violations"] {
  return checkStack(
    stack,
    RULES.filter(({ name }) => name === rule),
  ).violations;
}

type Judgement = "violation" | "undecided" | "survives";

function judge({ rule, stack }: Mutation): Judgement {
  const verdicts = verdictsBy(rule, stack);
  if (verdicts.length === 0) return "survives";
  return verdicts.some(({ undecided }) => !undecided) ? "violation" : "undecided";
}

/** What became of the mutations, by rule. */
function tableOf(judged: readonly (Mutation & { readonly verdict: Judgement })[]): string {
  const table = new Table({ head: ["rule", "mutations", "violation", "undecided", "survives"] });
  for (const rule of [...new Set(judged.map((each) => each.rule))].sort()) {
    const own = judged.filter((each) => each.rule === rule);
    const count = (verdict: Judgement): number => own.filter((each) => each.verdict === verdict).length;
    table.push([rule, own.length, count("violation"), count("undecided"), count("survives")]);
  }
  return `${table.toString()}\n${judged.length} mutations`;
}

describe("the platform's plan with one property broken", () => {
  it("is told by the right rule, every time", () => {
    const judged = mutations.map((mutation) => ({ ...mutation, verdict: judge(mutation) }));
    console.log(tableOf(judged));
    // Only what is unknown may stay undecided.
    const survivors = judged.filter(
      ({ verdict, kind }) => verdict === "survives" || (verdict === "undecided" && kind !== "unknown"),
    );
    expect(survivors.map(({ rule, resource, at, kind, shown }) => [rule, resource, at, kind, shown].join(" "))).toEqual(
      [],
    );
    expect(mutations.length).toBeGreaterThanOrEqual(150);
  });

  it("is told of nothing by those rules while it is whole", () => {
    const whole = plan.map(subjectOf);
    const rules = [...new Set(mutations.map(({ rule }) => rule))];
    const loud = rules.flatMap((rule) =>
      verdictsBy(rule, whole).map(({ urn, message }) => `${rule}: ${urn}: ${message}`),
    );
    expect(loud).toEqual([]);
  });
});

describe("the platform's plan with one wrong resource added", () => {
  // Rules about what the platform does not have: the wrong resources of their fixtures stand among its own.
  const covered = new Set([...TARGETS.map(({ rule }) => rule), ...NEEDED.map(([rule]) => rule)]);
  const others = ALL_FIXTURES.filter(({ rule }) => !covered.has(rule.name));

  it.each(others.map(({ rule, failing }) => [rule.name, failing] as const))("is told by %s", (rule, failing) => {
    const whole = plan.map(subjectOf);
    for (const [name, { stack, violations }] of Object.entries(failing)) {
      const told = new Set(verdictsBy(rule, [...whole, ...stack]).map(({ urn }) => urn));
      expect([...told], name).toEqual(expect.arrayContaining(Object.keys(violations)));
    }
  });
});
