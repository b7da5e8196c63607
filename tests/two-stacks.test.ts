import { beforeAll, describe, expect, it } from "vitest";
import { MIGRATION_ROLES } from "../components/account-baseline/migration-roles";
import type { RecordedResource } from "../cli/plan/record";
import type { Recorded } from "./record-components";
import { recordProgram, RECORDING, SETTINGS, written } from "./whole-program";

/** Properties by which AWS tells resources of an account apart. */
const IDENTITIES = ["name", "bucket", "policyName", "dashboardName", "budgetName", "identifier", "topicArn"] as const;
/** These carry the name of what they belong to, or are named within it. */
const PARTS =
  /^aws:s3\/(bucket[A-Z]|inventory)|catalogTable|logStream|topicPolicy|topicSubscription|securityGroup[A-Z]/;

function physicalNames({ resources }: Recorded): string[] {
  const ofOne = ({ type, inputs }: RecordedResource): string[] =>
    IDENTITIES.flatMap((property) => (typeof inputs[property] === "string" ? [`${type} ${inputs[property]}`] : []));
  return resources.filter(({ type, custom }) => custom && !PARTS.test(type)).flatMap(ofOne);
}

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

// The longest names that a declaration may have, which differ in their last sign alone, and names that are parts of
// the platform's own.
const longest = ["a", "b"].map((end) => "d".repeat(62) + end);
const datasets = [
  ...longest.map((name) =>
    written(name, { owner: "o".repeat(31), source: { kind: "stream", format: "json" }, consumers: ["planning"] }),
  ),
  ...["cleanup", "lake", "events", "operations", "alerts", "silver", "locks"].map((name) =>
    written(name, { owner: "cleanup", consumers: ["planning"] }),
  ),
  written("summary", { owner: "cleanup-1", source: { kind: "derived", from: ["lake", "events"] } }),
];

describe("two stacks in one account and region, both whole", () => {
  const plans = new Map<string, Recorded>();
  beforeAll(async () => {
    // One account has one baseline; each keeps a copy in the region where the other might have one too.
    const replica = { region: "eu-west-1" };
    for (const stack of ["dev", "prod"] as const) {
      const settings = { ...SETTINGS, ownsAccount: stack === "prod", replica };
      plans.set(stack, (await recordProgram(stack, { settings, datasets })).recorded);
    }
  }, RECORDING);

  it("have no name in common, and neither has a name twice", () => {
    const names = [...plans.values()].flatMap(physicalNames);
    expect(names.length).toBeGreaterThan(250);
    expect(repeated(names)).toEqual([]);
  });

  it("name everything after themselves, but what an account has only one of", () => {
    const others = [...plans].flatMap(([stack, recorded]) =>
      physicalNames(recorded).filter((name) => !new RegExp(`basin[-_]${stack}[-_]`).test(name)),
    );
    const account = MIGRATION_ROLES.map(({ name }) => `aws:iam/role:Role ${name}`);
    expect(others.sort()).toEqual(account.sort());
  });

  it("let no role of the one use a key of the other", () => {
    for (const [stack, recorded] of plans) {
      const keys = recorded.ofType("aws:kms/key:Key").map(({ inputs }) => inputs["policy"] as string);
      const roles = keys.flatMap((policy) => policy.match(/role\/[^"]+/g) ?? []);
      expect(roles.length).toBeGreaterThan(4);
      for (const role of roles) expect(role).toMatch(new RegExp(`^role/basin-${stack}-`));
    }
  });
});
