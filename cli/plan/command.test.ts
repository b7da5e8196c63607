import { describe, expect, it } from "vitest";
import { CheckFailed } from "../../declarations/faults";
import { requireBudget, requirePolicies } from "./command";
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

  it("fails the check when the expected cost is above the budget, and says both", () => {
    const plan = samplePlan();
    const { expected } = plan.cost.monthly;
    const below = { budget: { monthly: expected - 1 } };
    expect(() => requireBudget(plan, below)).toThrow(CheckFailed);
    expect(() => requireBudget(plan, below)).toThrow(
      /stack dev is expected to cost \$[\d,]+ a month, and its budget is \$/,
    );
    expect(() => requireBudget(plan, { budget: { monthly: expected } })).not.toThrow();
    expect(() => requireBudget(plan, { budget: undefined })).not.toThrow();
  });
});
