import { shapes, together, type Fixtures } from "../testing/fixtures";
import * as rules from "./resource-policies";

type Policy = Record<string, unknown>;

const policy = (statement: Policy): { policy: string } => ({
  policy: JSON.stringify({
    Statement: [{ Sid: "Open", Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }],
  }),
});
const own = (operator: string, value: unknown = "111122223333"): Policy =>
  policy({ Principal: "*", Condition: { [operator]: { "aws:PrincipalAccount": value } } });
const service = (Condition?: Policy): Policy => policy({ Principal: { Service: "s3.amazonaws.com" }, Condition });

const publicFixtures = shapes(rules.policyNotPublic, "statement Open lets in everybody", {
  type: "aws:s3/bucketPolicy:BucketPolicy",
  passing: {
    "no policy": {},
    "a role": policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/reader" } }),
    "everybody of the account": own("StringEquals"),
    "a deny": policy({ Effect: "Deny", Principal: "*" }),
    "an object for a text": { policy: { Statement: { Effect: "Allow", Principal: { AWS: "arn:x" } } } },
  },
  failing: {
    everybody: policy({ Principal: "*" }),
    "everybody, as an account": policy({ Principal: { AWS: ["arn:x", "*"] } }),
    "everybody but one": policy({ NotPrincipal: { AWS: "arn:x" } }),
    "a condition that others meet": policy({ Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    "a condition that a missing key meets": own("StringEqualsIfExists"),
    "a condition that only asks whether there is a key": own("Null", "false"),
    "a condition that matches anything": own("StringLike", "*"),
    "a negated condition": own("StringNotEquals"),
  },
});

export const fixtures: readonly Fixtures[] = [
  together(
    publicFixtures,
    shapes(rules.policyNotPublic, "the rule itself failed: the policy is not a JSON document", {
      type: "aws:kms/key:Key",
      passing: {},
      failing: { "no document": { policy: "allow all" } },
    }),
    shapes(rules.policyNotPublic, "statement without a Sid lets in everybody", {
      type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
      passing: {},
      failing: { "a log policy": { policyDocument: '{"Statement":{"Effect":"Allow","Principal":"*"}}' } },
    }),
  ),
  shapes(rules.policyConfusedDeputy, "statement Open lets in a service on behalf of any account", {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    passing: {
      "on behalf of the account": service({ StringEquals: { "aws:SourceAccount": "111122223333" } }),
      "on behalf of a resource": service({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::lake" } }),
      "no service": policy({ Principal: { AWS: "arn:x" } }),
    },
    failing: {
      "no condition": service(),
      "any source": service({ ArnLike: { "aws:SourceArn": "*" } }),
      "a source that may be missing": service({ StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } }),
    },
  }),
  shapes(rules.bucketPolicyLockout, "statement Open locks everybody out of the bucket", {
    passing: {
      "a deny with a condition": policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: {} } }),
      "a deny of one action": policy({ Effect: "Deny", Principal: "*" }),
      "a deny to one": policy({ Effect: "Deny", Principal: { AWS: "arn:x" }, Action: "s3:*" }),
    },
    failing: { "a deny of all": policy({ Effect: "Deny", Principal: "*", Action: "s3:*" }) },
  }),
  together(
    shapes(rules.functionPermission, "everybody may call the function", {
      passing: {
        "a service for a rule": { principal: "events.amazonaws.com", sourceArn: "arn:rule" },
        "a role": { principal: "arn:aws:iam::111122223333:role/x" },
      },
      failing: { everybody: { principal: "*" } },
    }),
    shapes(rules.functionPermission, "a service may call the function on behalf of any account", {
      passing: {},
      failing: { "a service": { principal: "s3.amazonaws.com" } },
    }),
  ),
];
