import { narrows, statementsOf } from "../models/policy-document";
import { object, text, texts } from "../reading";
import type { Props, Rule } from "../rule";
import { actsForOne } from "./resource-policies";

const ROLE = ["aws:iam/role:Role"];

export const trustNobodyElse: Rule = {
  name: "iam-trust-policy",
  group: "access",
  description: "A role is assumed by those who are named.",
  enforcement: "mandatory",
  types: ROLE,
  scope: "resource",
  *check({ props }) {
    for (const { effect, principals, excludesPrincipals, condition } of statementsOf(props.assumeRolePolicy)) {
      if (effect !== "Allow" || narrows(condition)) continue;
      if (excludesPrincipals || principals.includes("*")) {
        yield { message: "everybody may assume the role", value: principals, fix: "Principal: { AWS: roleArn }" };
      }
    }
  },
};

/** These assume a role only for a resource of its own account, and send no source to compare with. */
const OWN_ACCOUNT_ONLY = ["ec2.amazonaws.com", "dms.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com"];

export const trustConfusedDeputy: Rule = {
  name: "iam-trust-confused-deputy",
  group: "access",
  description: "A service assumes a role only on behalf of this account or resource.",
  enforcement: "mandatory",
  types: ROLE,
  scope: "resource",
  *check({ props }) {
    for (const { effect, services, condition } of statementsOf(props.assumeRolePolicy)) {
      const acting = services.filter((service) => !OWN_ACCOUNT_ONLY.includes(service) && !/^dms\./.test(service));
      if (effect !== "Allow" || acting.length === 0 || actsForOne(condition)) continue;
      const fix = 'Condition: { StringEquals: { "aws:SourceAccount": accountId } }';
      yield { message: "a service may assume the role on behalf of any account", value: acting, fix };
    }
  },
};

export const trustExternalId: Rule = {
  name: "iam-trust-external-account",
  group: "access",
  description: "Another account assumes a role with an external id, or by a role that is named.",
  enforcement: "mandatory",
  types: ROLE,
  scope: "resource",
  *check({ props }) {
    for (const { effect, principals, condition } of statementsOf(props.assumeRolePolicy)) {
      if (effect !== "Allow" || hasKey(condition, "sts:externalid") || narrows(condition)) continue;
      const accounts = principals.filter((principal) => accountOf(principal) !== undefined);
      if (accounts.length === 0) continue;
      // Asked for last: a role that is yet to be made has no ARN, and most roles trust no account at all.
      const own = /^arn:aws[a-z-]*:iam::(\d{12}):/.exec(text(props.arn) ?? "")?.[1];
      const foreign = accounts.filter((principal) => own !== undefined && accountOf(principal) !== own);
      if (foreign.length === 0) continue;
      const fix = 'Condition: { StringEquals: { "sts:ExternalId": externalId } }';
      yield { message: "anybody in another account may assume the role", value: foreign, fix };
    }
  },
};

/** The account that a principal stands for as a whole, if it does. */
function accountOf(principal: string): string | undefined {
  const [, byArn, byNumber] = /^arn:aws[a-z-]*:iam::(\d{12}):root$|^(\d{12})$/.exec(principal) ?? [];
  return byArn ?? byNumber;
}

const GITHUB = "token.actions.githubusercontent.com";

/** Without its subject a token of any repository on GitHub assumes the role. */
export const trustWorkflows: Rule = {
  name: "iam-trust-workflows",
  group: "access",
  description: "A workflow assumes a role only from the repository, and the branch or environment, that is named.",
  enforcement: "mandatory",
  types: ROLE,
  scope: "resource",
  *check({ props }) {
    for (const { effect, federated, condition } of statementsOf(props.assumeRolePolicy)) {
      if (effect !== "Allow" || !federated.some((provider) => provider.includes(GITHUB))) continue;
      const subjects = valuesOf(condition, `${GITHUB}:sub`);
      const fix = `Condition: { StringEquals: { "${GITHUB}:sub": "repo:owner/name:environment:prod", "${GITHUB}:aud": "sts.amazonaws.com" } }`;
      const open = subjects.filter((subject) => !/^repo:[^*?/]+\/[^*?:]+:.*[^*?:].*$/.test(subject));
      if (subjects.length === 0 || open.length > 0) {
        yield { message: "workflows of any repository or branch may assume the role", value: open, fix };
      }
      if (valuesOf(condition, `${GITHUB}:aud`).length === 0) {
        yield { message: "tokens made for others are accepted", fix };
      }
    }
  },
};

function valuesOf(condition: Props, key: string): readonly string[] {
  return Object.entries(condition)
    .filter(([operator]) => /^(ForAnyValue:)?String(Equals|Like)$/i.test(operator))
    .flatMap(([, keys]) => Object.entries(object(keys)))
    .filter(([name]) => name.toLowerCase() === key)
    .flatMap(([, value]) => texts(value));
}

function hasKey(condition: Props, key: string): boolean {
  return valuesOf(condition, key).some((value) => value !== "*");
}
