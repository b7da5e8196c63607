import { describe, expect, it } from "vitest";
import { CheckFailed } from "../../declarations/faults";
import { requirePolicies } from "./command";
import { samplePlan, VIOLATION } from "./testing/sample-plan";

describe("basin plan", () => {
  it("fails the check when a mandatory policy is broken, and names it once", () => {
    const broken = samplePlan({ policies: { checked: 2, violations: [VIOLATION, { ...VIOLATION, urn: "other" }] } });
    expect(() => requirePolicies(broken)).toThrow(CheckFailed);
    expect(() => requirePolicies(broken)).toThrow("stack dev breaks mandatory policies 2 times: s3-bucket-encryption");
  });

  it("holds with advice, and with what cannot be decided yet", () => {
    const advisory = { ...VIOLATION, enforcement: "advisory" as const };
    const violations = [advisory, { ...advisory, undecided: true }];
    expect(() => requirePolicies(samplePlan({ policies: { checked: 2, violations } }))).not.toThrow();
  });
});
