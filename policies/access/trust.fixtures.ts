import { shapes, together, type Fixtures } from "../testing/fixtures";
import { UNKNOWN } from "../unknown";
import * as rules from "./trust";

const ARN = { arn: "arn:aws:iam::111122223333:role/it" };
const trust = (Principal: unknown, Condition?: unknown): Record<string, unknown> => ({
  ...ARN,
  assumeRolePolicy: JSON.stringify({
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition }],
  }),
});
const SOURCE = { StringEquals: { "aws:SourceAccount": "111122223333" } };
const github = (sub?: string, aud: string | undefined = "sts.amazonaws.com"): Record<string, unknown> =>
  trust(
    { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    {
      StringLike: {
        ...(sub === undefined ? {} : { "token.actions.githubusercontent.com:sub": sub }),
        ...(aud === "" ? {} : { "token.actions.githubusercontent.com:aud": aud }),
      },
    },
  );
const workflows = shapes(rules.trustWorkflows, "workflows of any repository or branch may assume the role", {
  passing: {
    "an environment of a repository": github("repo:acme/lake:environment:prod"),
    "no workflow": trust({ AWS: "arn:aws:iam::111122223333:role/x" }),
  },
  failing: {
    "no subject": github(),
    "any repository": github("repo:*"),
    "any repository of an owner": github("repo:acme/*"),
    "any ref": github("repo:acme/lake:*"),
  },
});

export const fixtures: readonly Fixtures[] = [
  shapes(rules.trustNobodyElse, "everybody may assume the role", {
    passing: {
      "a role": trust({ AWS: "arn:aws:iam::111122223333:role/x" }),
      "everybody of an organisation": trust("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    },
    failing: { everybody: trust("*"), "every account": trust({ AWS: "*" }) },
  }),
  shapes(rules.trustConfusedDeputy, "a service may assume the role on behalf of any account", {
    passing: {
      "on behalf of the account": trust({ Service: "firehose.amazonaws.com" }, SOURCE),
      "EC2, which acts for its own account": trust({ Service: "ec2.amazonaws.com" }),
    },
    failing: {
      "no condition": trust({ Service: "firehose.amazonaws.com" }),
      "another condition": trust(
        { Service: "states.amazonaws.com" },
        { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
      ),
    },
  }),
  shapes(rules.trustExternalId, "anybody in another account may assume the role", {
    passing: {
      "the own account": trust({ AWS: "arn:aws:iam::111122223333:root" }),
      "an external id": trust(
        { AWS: "arn:aws:iam::999999999999:root" },
        { StringEquals: { "sts:ExternalId": "x".repeat(8) } },
      ),
      "a service, for a role that has no ARN yet": {
        ...trust({ Service: "ec2.amazonaws.com" }),
        arn: UNKNOWN,
      },
      "a role of another account": trust({ AWS: "arn:aws:iam::999999999999:role/reader" }),
    },
    failing: {
      "another account": trust({ AWS: "arn:aws:iam::999999999999:root" }),
      "another account by its number": trust({ AWS: "999999999999" }),
      "any external id": trust({ AWS: "999999999999" }, { StringLike: { "sts:ExternalId": "*" } }),
    },
  }),
  together(
    workflows,
    shapes(rules.trustWorkflows, "tokens made for others are accepted", {
      passing: {},
      failing: { "no audience": github("repo:acme/lake:ref:refs/heads/main", "") },
    }),
  ),
];
