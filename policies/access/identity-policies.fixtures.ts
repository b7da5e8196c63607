import { shapes, together, type Fixtures } from "../testing/fixtures";
import * as rules from "./identity-policies";

const POLICY = "aws:iam/policy:Policy";

const policy = (statement: Record<string, unknown>): Record<string, unknown> => ({
  policy: JSON.stringify({
    Statement: [{ Sid: "Do", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:x", ...statement }],
  }),
});
const pass = (Resource: unknown, service?: unknown): Record<string, unknown> =>
  policy({
    Action: "iam:PassRole",
    Resource,
    Condition: service === undefined ? undefined : { StringEquals: { "iam:PassedToService": service } },
  });
const role = "arn:aws:iam::111122223333:role/nodes";
const passAny = shapes(rules.passRole, "statement Do may pass on any role", {
  type: POLICY,
  passing: { "a role to a service": pass(role, "ec2.amazonaws.com"), "no passing": policy({}) },
  failing: {
    anything: pass("*", "ec2.amazonaws.com"),
    "any role": pass("arn:aws:iam::111122223333:role/*", "ec2.amazonaws.com"),
    "any role, written in another way": pass("arn:aws:iam::*:role/?*", "ec2.amazonaws.com"),
    "anything of IAM": pass("arn:aws:iam::111122223333:*", "ec2.amazonaws.com"),
  },
});

export const fixtures: readonly Fixtures[] = [
  shapes(rules.noAdmin, "statement Do allows everything", {
    type: POLICY,
    passing: {
      "one action": policy({}),
      "everything on one thing": policy({ Action: "*" }),
      "a deny of everything": policy({ Effect: "Deny", Action: "*", Resource: "*" }),
    },
    failing: {
      everything: policy({ Action: "*", Resource: "*" }),
      "everything, written in another way": policy({ Action: "*:*", Resource: "**" }),
      "everything among others": policy({ Action: ["s3:GetObject", "*"], Resource: ["arn:x", "*"] }),
      "everything but": policy({ Action: undefined, NotAction: "iam:*", Resource: "*" }),
    },
  }),
  shapes(rules.noWildcardActions, "statement Do allows actions that nobody has read", {
    type: POLICY,
    passing: { "an action": policy({}), "a deny": policy({ Effect: "Deny", Action: "s3:*" }) },
    failing: {
      "a service": policy({ Action: "s3:*" }),
      "a beginning": policy({ Action: ["s3:Get*"] }),
      "all but": policy({ Action: undefined, NotAction: "iam:PassRole" }),
    },
  }),
  shapes(rules.noWildcardData, "statement Do reaches data of every bucket or stream", {
    type: POLICY,
    passing: {
      "a prefix": policy({ Resource: "arn:aws:s3:::lake/silver/*" }),
      "an action without data": policy({ Action: "s3:ListAllMyBuckets", Resource: "*" }),
      "own callers": policy({ Resource: "*", Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } } }),
    },
    failing: {
      anything: policy({ Resource: "*" }),
      "every bucket": policy({ Resource: "arn:aws:s3:::*" }),
      "every bucket's objects": policy({ Resource: "arn:aws:s3:::*/*" }),
      "buckets by a pattern": policy({ Resource: "arn:aws:s3:::lake-*/silver/*" }),
      "all but one bucket": policy({ Resource: undefined, NotResource: "arn:aws:s3:::secret/*" }),
      "every stream of an account": policy({
        Action: "kinesis:PutRecord",
        Resource: "arn:aws:kinesis:us-east-1:111122223333:stream/*",
      }),
      "every stream": policy({ Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:*" }),
    },
  }),
  together(
    passAny,
    shapes(rules.passRole, "statement Do may pass a role to any service", {
      type: POLICY,
      passing: {},
      failing: { "to anything": pass(role), "to a star": pass(role, "*") },
    }),
  ),
  shapes(rules.keysByName, "statement Do may decrypt with every key", {
    type: POLICY,
    passing: {
      "a key": policy({ Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111122223333:key/1" }),
      "keys by their aliases": policy({
        Action: "kms:Decrypt",
        Resource: "arn:aws:kms:us-east-1:111122223333:key/*",
        Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/x-*" } },
      }),
    },
    failing: {
      anything: policy({ Action: "kms:Decrypt", Resource: "*" }),
      "all but one key": policy({ Action: "kms:Decrypt", Resource: undefined, NotResource: "arn:x" }),
      "every key of every region": policy({ Action: "kms:*", Resource: "arn:aws:kms:*:111122223333:key/*" }),
      "every key": policy({ Action: ["kms:ReEncryptFrom"], Resource: "arn:aws:kms:us-east-1:111122223333:key/*" }),
    },
  }),
  shapes(rules.noEscalation, "statement Do lets its holder take any right", {
    type: POLICY,
    passing: { "an action": policy({}), "passing on": pass(role, "ec2.amazonaws.com") },
    failing: { attaching: policy({ Action: "iam:AttachRolePolicy" }), "all of IAM": policy({ Action: "iam:*" }) },
  }),
  shapes(rules.managedPolicies, "the role has rights that AWS may change at any time", {
    passing: {
      "an own policy": { policyArn: "arn:aws:iam::111122223333:policy/own" },
      "a service's role": { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2" },
    },
    failing: {
      "AWS's": { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
      "AWS's in the role": { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    },
  }),
  together(
    shapes(rules.userPolicies, "a user has rights or keys of his own", {
      passing: {},
      failing: { "a policy": { user: "ann" }, "a key": { user: "ann" } },
    }),
    shapes(rules.userPolicies, "", { type: "aws:iam/role:Role", passing: { "a role": {} }, failing: {} }),
  ),
  shapes(rules.inlinePolicies, "the policy is inside a role, where nobody looks for it", {
    type: "aws:iam/role:Role",
    passing: { none: {} },
    failing: { "in the role": { inlinePolicies: [{ policy: "{}" }] } },
  }),
];
