import Ajv from "ajv";
import draft04 from "ajv/lib/refs/json-schema-draft-04.json";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { checkStack } from "../../policies/check";
import { applyExceptions, misread } from "../../policies/exceptions";
import { RULES } from "../../policies/rules";
import { ALL_FIXTURES } from "../../policies/testing/all-fixtures";
import { violationOf } from "./policies";
import { renderSarif } from "./sarif";
import type { Violation } from "./shape";
import { samplePlan, VIOLATION } from "./testing/sample-plan";

// The schema is of draft 4, which Ajv 6 is the last to read.
const ajv = new Ajv({ schemaId: "auto" });
ajv.addMetaSchema(draft04);
const validate = ajv.compile(schema);

/** What the schema of SARIF 2.1.0 has against a log. */
function faultsOf(log: unknown): readonly string[] {
  return validate(log) === true ? [] : (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
}

const sarifOf = (violations: readonly Violation[]): Log =>
  renderSarif(samplePlan({ policies: { checked: 9, violations } }));

const EXCEPTION = { policy: "lambda-vpc", resource: "it", owner: "web", reason: "none", until: "2020-01-01" };
/** All that the pack can say: of every fixture, what it cannot decide, where it fails, and of exceptions. */
const EVERYTHING: readonly Violation[] = [
  ...ALL_FIXTURES.flatMap(({ rule, failing, undecided = {} }) =>
    [...Object.values(failing), ...Object.values(undecided)].flatMap(
      ({ stack }) => checkStack(stack, [rule]).violations,
    ),
  ),
  ...applyExceptions([], [EXCEPTION], "2026-01-01"),
  misread("exceptions[0] has no owner"),
].map(violationOf);

describe("the verdicts as SARIF", () => {
  it("name rule, resource, value and fix", () => {
    expect(sarifOf([VIOLATION]).runs[0]?.results).toMatchObject([
      {
        ruleId: "s3-bucket-encryption",
        level: "error",
        message: {
          text: 'the bucket\'s default encryption does not use KMS. Found: "AES256 | <none>". Fix: sseAlgorithm: `aws:kms`',
        },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: "Pulumi.dev.yaml" } },
            logicalLocations: [{ fullyQualifiedName: VIOLATION.urn }],
          },
        ],
      },
    ]);
  });

  it("hold to the schema of SARIF 2.1.0, whatever the pack says", () => {
    expect(faultsOf(sarifOf(EVERYTHING))).toEqual([]);
    expect(new Set(EVERYTHING.map(({ policy }) => policy)).size).toBe(RULES.length + 1);
    expect(faultsOf(sarifOf([]))).toEqual([]);
  });

  it("are held to a schema that refuses what is wrong", () => {
    const [run] = sarifOf([VIOLATION]).runs;
    expect(faultsOf({ version: "2.1.0" })).toEqual([" should have required property 'runs'"]);
    expect(faultsOf({ version: "2.1.0", runs: [{ ...run, results: [{ message: "text alone" }] }] })).not.toEqual([]);
  });

  it("name only rules that the log describes, each as code scanning asks", () => {
    const [run] = sarifOf(EVERYTHING).runs;
    const rules = run?.tool.driver.rules ?? [];
    const results = run?.results ?? [];
    expect(results.filter(({ ruleId, ruleIndex = -1 }) => rules[ruleIndex]?.id !== ruleId)).toEqual([]);
    expect(new Set(results.map(({ ruleId }) => ruleId))).toContain("exception-expired");
    for (const { id, shortDescription, fullDescription, help, properties } of rules) {
      for (const text of [shortDescription, fullDescription, help]) expect(text?.text, id).toMatch(/\S/);
      expect(properties?.tags?.length, id).toBeLessThanOrEqual(20);
    }
  });

  it("tell by their level what stops a deployment, what is advice and what is not known yet", () => {
    const levelOf = (change: Partial<Violation>): unknown =>
      sarifOf([{ ...VIOLATION, ...change }]).runs[0]?.results?.[0]?.level;
    expect(levelOf({})).toBe("error");
    expect(levelOf({ enforcement: "advisory" })).toBe("warning");
    expect(levelOf({ undecided: true })).toBe("note");
  });
});
