import { describe, expect, it } from "vitest";
import { checkStack, type Verdict } from "./check";
import { controlsOf } from "./controls";
import { RULES } from "./rules";
import { ALL_FIXTURES } from "./testing/all-fixtures";
import type { FailingFixture } from "./testing/fixtures";
import { isTypeScriptLine } from "./testing/typescript-line";

const byResource = (verdicts: readonly Verdict[]): Record<string, string[]> => {
  const found: Record<string, string[]> = {};
  for (const { urn, message } of verdicts) (found[urn] ??= []).push(message);
  return found;
};
const expected = ({ violations }: FailingFixture): Record<string, string[]> =>
  Object.fromEntries(Object.entries(violations).map(([urn, messages]) => [urn, [messages].flat()]));

describe("the pack", () => {
  it("shows for every rule that it passes what is right and fails what is wrong", () => {
    const shown = ALL_FIXTURES.filter(
      ({ passing, failing }) => Object.keys(passing).length > 0 && Object.keys(failing).length > 0,
    ).map(({ rule }) => rule.name);
    expect(RULES.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it("has one rule of a name, and each says what it is", () => {
    const names = RULES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description, types } of RULES) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(description, name).toMatch(/^[A-Z].*\.$/);
      expect(types.length, name).toBeGreaterThan(0);
    }
  });
});

describe("a violation", () => {
  const found = ALL_FIXTURES.flatMap(({ rule, failing }) =>
    Object.values(failing).flatMap(({ stack }) => checkStack(stack, [rule]).violations),
  );
  const unsure = ALL_FIXTURES.flatMap(({ rule, undecided = {} }) =>
    Object.values(undecided).flatMap(({ stack }) => checkStack(stack, [rule]).violations),
  );

  it("is put right by one line of TypeScript, also where a rule cannot decide or fails", () => {
    expect(unsure.length).toBeGreaterThan(0);
    expect(found.some(({ isBroken }) => isBroken === true)).toBe(true);
    const fixes = new Set([...found, ...unsure].map(({ fix }) => fix));
    expect([...fixes].filter((fix) => !isTypeScriptLine(fix))).toEqual([]);
    expect(["keep it in one place", "a: 1\nb: 2", "a: [ two of them ]", ""].filter(isTypeScriptLine)).toEqual([]);
  });

  it("names the controls that ask for the same", () => {
    expect(found.filter(({ policy, controls }) => controls !== controlsOf(policy))).toEqual([]);
    expect(new Set(found.map(({ policy }) => policy)).size).toBe(RULES.length);
  });
});

describe.each(ALL_FIXTURES.map((fixtures) => [fixtures.rule.name, fixtures] as const))("%s", (_, fixtures) => {
  const { rule, passing, failing, undecided = {} } = fixtures;

  it.each(Object.entries(passing))("passes %s", (__, stack) => {
    expect(checkStack(stack, [rule]).violations).toEqual([]);
  });

  it.each(Object.entries(failing))("fails %s", (__, fixture) => {
    const { violations } = checkStack(fixture.stack, [rule]);
    expect(byResource(violations)).toEqual(expected(fixture));
    expect(violations.every((violation) => !violation.undecided && violation.fix !== "")).toBe(true);
  });

  it.each(Object.entries(undecided))("leaves undecided: %s", (__, fixture) => {
    const { violations } = checkStack(fixture.stack, [rule]);
    expect(byResource(violations)).toEqual(expected(fixture));
    expect(violations.every((violation) => violation.undecided)).toBe(true);
  });
});
