import { beforeAll, describe, expect, it } from "vitest";
import { CONTROLS } from "../policies/controls";
import { AuditedPlan } from "./controls/audited-plan";
import { BUCKET_CONTROLS } from "./controls/buckets";
import { IDENTITY_CONTROLS } from "./controls/identities";
import { KEY_CONTROLS } from "./controls/keys-and-catalogue";
import { MESSAGE_CONTROLS } from "./controls/messages";
import { NETWORK_CONTROLS } from "./controls/network";
import { recordProgram, RECORDING, SETTINGS } from "./whole-program";

const CHECKS = [...BUCKET_CONTROLS, ...KEY_CONTROLS, ...NETWORK_CONTROLS, ...IDENTITY_CONTROLS, ...MESSAGE_CONTROLS];
/** The services whose every control holds by construction, or has its reason in docs/controls.md. */
const SERVICES = ["S3", "KMS", "Glue", "Athena", "VPC/SG", "IAM", "CloudWatch/SNS/SQS"];

describe.each(["dev", "prod"] as const)("the plan of %s, by the rows of docs/controls.md:", (stack) => {
  let plan: AuditedPlan;
  beforeAll(async () => {
    const replica = stack === "prod" ? { replica: { region: "eu-west-1" } } : {};
    const { recorded } = await recordProgram(stack, { settings: { ...SETTINGS, ...replica } });
    plan = new AuditedPlan(stack, recorded);
  }, RECORDING);

  it.each(CHECKS.map((each) => ({ ...each, row: each.rows.join(", ") || "no checker's" })))(
    "$row: $says",
    ({ check }) => {
      check(plan);
    },
  );
});

describe("the controls of these services", () => {
  it("are each held against the plan, or have a reason why they do not apply", () => {
    const held = new Set(CHECKS.flatMap(({ rows }) => rows));
    const numbered = CONTROLS.filter(({ ids }) => Object.keys(ids).length > 0).map((control, index) => ({
      ...control,
      number: index + 1,
    }));
    const ours = numbered.filter(({ service }) => SERVICES.includes(service));
    expect(ours.length).toBeGreaterThan(70);
    expect(ours.filter(({ number, reason }) => !held.has(number) && reason === undefined)).toEqual([]);
  });
});
