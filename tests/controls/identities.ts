import { expect } from "vitest";
import { MIGRATION_ROLES } from "../../components/account-baseline/migration-roles";
import { allows, list, type AuditedPlan, type ControlCheck, type FoundPolicy } from "./audited-plan";
import { KNOW_NO_RESOURCE, LARGEST_POLICY } from "../policy-limits";

/** Policies of AWS's own that stand in docs/controls.md with their reason. */
const AWS_OWN_POLICIES: readonly string[] = [
  ...MIGRATION_ROLES.map(({ policyArn }) => policyArn),
  "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2",
];
const identityPolicies = (plan: AuditedPlan): FoundPolicy[] => plan.policiesOf("aws:iam/policy:Policy");
const trusts = (plan: AuditedPlan): FoundPolicy[] =>
  plan.policies.filter(({ property }) => property === "assumeRolePolicy");

export const IDENTITY_CONTROLS: readonly ControlCheck[] = [
  {
    rows: [81, 82],
    says: "no policy of any kind allows an action by wildcard",
    check: (plan) => {
      expect(plan.policies.length).toBeGreaterThan(50);
      for (const { name, statements } of plan.policies) {
        for (const { Action } of statements.filter(allows)) {
          for (const action of list(Action)) expect(action, name).toMatch(/^[a-z0-9-]+:\w+$/i);
        }
      }
    },
  },
  {
    rows: [82],
    says: "no identity policy reaches every resource, where its service knows a finer one",
    check: (plan) => {
      for (const { name, statements } of identityPolicies(plan)) {
        const wide = statements.filter(
          ({ Sid, Resource }) => list(Resource).includes("*") && !KNOW_NO_RESOURCE.has(Sid),
        );
        expect(wide, name).toEqual([]);
      }
    },
  },
  {
    rows: [82],
    says: "no resource policy allows anything on every resource, but a key's, which can name itself in no other way, and an endpoint's",
    check: (plan) => {
      const resourcePolicies = plan.policies.filter(
        ({ type }) => !type.startsWith("aws:iam/") && type !== "aws:kms/key:Key",
      );
      expect(resourcePolicies.length).toBeGreaterThan(15);
      const wide = resourcePolicies.filter(({ statements }) =>
        statements.filter(allows).some(({ Resource }) => list(Resource).includes("*")),
      );
      const interfaces = plan.recorded
        .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
        .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
      expect(wide.map(({ name }) => name).sort()).toEqual(interfaces.map(({ name }) => name).sort());
    },
  },
  {
    rows: [83, 87],
    says: "roles have policies of this program's own, attached rather than inline",
    check: (plan) => {
      expect(plan.named(/^aws:iam\/(rolePolicy|groupPolicy|userPolicy):/)).toEqual([]);
      for (const inputs of plan.inputsOf("aws:iam/role:Role")) expect(inputs).not.toHaveProperty("inlinePolicies");
      const attached = plan.inputsOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
      const own = /^arn:aws:iam::111122223333:policy\//;
      const others = attached.map(({ policyArn }) => policyArn as string).filter((arn) => !own.test(arn));
      expect(new Set(others)).toEqual(new Set(AWS_OWN_POLICIES));
    },
  },
  {
    rows: [84],
    says: "a role is assumed by one service on behalf of this account, by EC2's nodes, or by a consumer who says its external id",
    check: (plan) => {
      expect(trusts(plan)).toHaveLength(plan.inputsOf("aws:iam/role:Role").length);
      for (const { name, statements } of trusts(plan)) {
        const [statement, ...others] = statements;
        expect(others, name).toEqual([]);
        const { AWS, Service } = statement?.Principal as { readonly AWS?: string; readonly Service?: string };
        if (AWS !== undefined) {
          expect(AWS, name).toBe("arn:aws:iam::222233334444:root");
          expect(statement?.Condition?.["StringEquals"], name).toHaveProperty("sts:ExternalId");
        } else if (Service !== "ec2.amazonaws.com") {
          expect(Service, name).toMatch(/^[a-z0-9.]+\.amazonaws\.com$/);
          expect(statement?.Condition?.["StringEquals"], name).toEqual({ "aws:SourceAccount": "111122223333" });
        }
      }
    },
  },
  {
    rows: [85, 88],
    says: "there are no users, groups, access keys or identity providers",
    check: (plan) =>
      expect(
        plan.named(/^aws:iam\/(user|group|accessKey|openIdConnectProvider|samlProvider|policyAttachment)/),
      ).toEqual([]),
  },
  {
    rows: [86],
    says: "a role is passed on by its name, to the service that it is for",
    check: (plan) => {
      const passing = identityPolicies(plan).flatMap(({ statements }) =>
        statements.filter(({ Action }) => list(Action).includes("iam:PassRole")),
      );
      expect(passing).not.toEqual([]);
      for (const { Resource, Condition } of passing) {
        for (const arn of list(Resource)) expect(arn).toMatch(/^arn:aws:iam::111122223333:role\/basin-[^*]+$/);
        expect(Condition?.["StringEquals"]).toHaveProperty("iam:PassedToService");
      }
    },
  },
  {
    rows: [],
    says: "every policy is within its service's size",
    check: (plan) => {
      for (const { type, name, text } of plan.policies)
        expect(text.length, name).toBeLessThanOrEqual(LARGEST_POLICY[type] ?? 0);
    },
  },
  {
    rows: [],
    says: "a role that decrypts objects of the lake is matched by the key's policy: its name begins with the stack's",
    check: (plan) => {
      const own = plan.inputsOf("aws:iam/role:Role").map(({ name }) => name as string);
      const others = own.filter((name) => !name.startsWith(`basin-${plan.stack}-`));
      expect(others.sort()).toEqual(MIGRATION_ROLES.map(({ name }) => name as string).sort());
    },
  },
];
