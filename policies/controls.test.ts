import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CONTROLS, controlsOf, renderControls } from "./controls";
import { RULES } from "./rules";

const NAMES = RULES.map(({ name }) => name);

describe("the controls of other checkers", () => {
  it("each have a rule here, or a reason why not", () => {
    const unanswered = CONTROLS.filter(({ rules, reason }) => (rules === undefined) === (reason === undefined));
    expect(unanswered).toEqual([]);
  });

  it("name rules that exist", () => {
    expect(CONTROLS.flatMap(({ rules = [] }) => rules).filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it("explain every rule", () => {
    const named = new Set(CONTROLS.flatMap(({ rules = [] }) => rules));
    expect(NAMES.filter((name) => !named.has(name))).toEqual([]);
  });

  it("give a rule their ids", () => {
    expect(controlsOf("emr-local-disk-encryption")).toEqual(["CKV_AWS_349", "AS-EMR4", "EMR.3", "AWS-0139"]);
  });

  it("stand in docs/controls.md (otherwise: npx vitest run policies/controls -u)", async () => {
    await expect(renderControls(RULES)).toMatchFileSnapshot(resolve(__dirname, "../docs/controls.md"));
  });
});
