import { coversAction, narrows, reaches, statementsOf, type PolicyStatement } from "../models/policy-document";
import { objects, text, texts } from "../reading";
import type { Finding, Rule, Subject } from "../rule";
import { propertyRule } from "../property-rule";

const IDENTITY_POLICIES = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/role:Role",
] as const;

/** A rule about what identities may do. */
function identityRule(
  rule: Pick<Rule, "name" | "description">,
  check: (statement: PolicyStatement) => Iterable<Finding>,
): Rule {
  return {
    ...rule,
    group: "access",
    enforcement: "mandatory",
    types: IDENTITY_POLICIES,
    scope: "resource",
    *check(subject) {
      for (const statement of allowsOf(subject)) yield* check(statement);
    },
  };
}

function allowsOf({ props }: Subject): readonly PolicyStatement[] {
  const inline = objects(props.inlinePolicies).map(({ policy }) => policy);
  return [props.policy, ...inline].flatMap(statementsOf).filter(({ effect }) => effect === "Allow");
}

const called = ({ sid }: PolicyStatement): string => `statement ${sid || "without a Sid"}`;

export const noAdmin = identityRule(
  { name: "iam-no-administrator", description: "No policy allows everything." },
  function* (statement) {
    // `*:*` and `**` say the same as `*`.
    const everything = coversAction(statement, "any:Action");
    const everywhere = statement.resources.some((resource) => /^[*:]+$/.test(resource));
    if (everything && (everywhere || statement.notResources.length > 0)) {
      const value = statement.actions.length > 0 ? statement.actions : { NotAction: statement.notActions };
      yield { message: `${called(statement)} allows everything`, value, fix: 'Action: ["s3:GetObject", …]' };
    }
  },
);

export const noWildcardActions = identityRule(
  { name: "iam-no-wildcard-actions", description: "Actions are written out, never matched by a pattern." },
  function* (statement) {
    const patterns = statement.actions.filter((action) => /[*?]/.test(action));
    if (patterns.length > 0 || statement.notActions.length > 0) {
      const value = patterns.length > 0 ? patterns : { NotAction: statement.notActions };
      const message = `${called(statement)} allows actions that nobody has read`;
      yield { message, value, fix: "Action: [ … ], // each by its name" };
    }
  },
);

/** Actions on data: allowing them on everything is allowing the lake to whoever has the role. */
const DATA_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kinesis:GetRecords", "kinesis:PutRecord"];
/** A pattern for the names of buckets or streams: what matches it today is not what matches it tomorrow. */
const UNNAMED_DATA =
  /^(\*+$|arn:[^:]*:(\*|(s3|kinesis):\*+$|s3:[^:]*:[^:]*:[^/]*[*?]|kinesis:[^:]*:[^:]*:(stream\/)?.*[*?]))/;

export const noWildcardData = identityRule(
  { name: "iam-data-resources", description: "Rights to read and write data name the data." },
  function* (statement) {
    const everywhere = statement.resources.some((resource) => UNNAMED_DATA.test(resource));
    if (!(everywhere || statement.notResources.length > 0) || narrows(statement.condition)) return;
    const touched = DATA_ACTIONS.filter((action) => coversAction(statement, action));
    if (touched.length > 0) {
      const message = `${called(statement)} reaches data of every bucket or stream`;
      yield { message, value: statement.resources, fix: "Resource: `${bucket.arn}/prefix/*`" };
    }
  },
);

const ANY_ROLE = "arn:aws:iam::000000000000:role/a-role-of-tomorrow";
const ANY_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000";

export const passRole = identityRule(
  { name: "iam-pass-role", description: "A role is passed on by its name, and to the service that it is for." },
  function* (statement) {
    if (!coversAction(statement, "iam:PassRole")) return;
    const fix = 'Resource: role.arn, Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }';
    const open = statement.resources.filter((resource) => reaches(resource, ANY_ROLE));
    if (open.length > 0 || statement.notResources.length > 0) {
      yield { message: `${called(statement)} may pass on any role`, value: open, fix };
    }
    if (!passedTo(statement)) {
      yield { message: `${called(statement)} may pass a role to any service`, value: statement.condition, fix };
    }
  },
);

function passedTo({ condition }: PolicyStatement): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      /^(ForAnyValue:)?String(Equals|Like)$/i.test(operator) &&
      Object.entries(keys as Record<string, unknown>).some(
        ([key, value]) => key.toLowerCase() === "iam:passedtoservice" && texts(value).every((each) => each !== "*"),
      ),
  );
}

const DECRYPTS = ["kms:Decrypt", "kms:ReEncryptFrom"];

export const keysByName = identityRule(
  { name: "iam-key-resources", description: "Nobody may decrypt with every key of the account." },
  function* (statement) {
    if (!DECRYPTS.some((action) => coversAction(statement, action))) return;
    const open = statement.resources.filter((resource) => reaches(resource, ANY_KEY));
    const aliased = JSON.stringify(statement.condition).includes("kms:ResourceAliases");
    if ((open.length > 0 || statement.notResources.length > 0) && !aliased) {
      yield { message: `${called(statement)} may decrypt with every key`, value: open, fix: "Resource: key.arn" };
    }
  },
);

/** Each of them lets its holder give himself any right that there is. */
const ESCALATING = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PutGroupPolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
];

export const noEscalation = identityRule(
  { name: "iam-no-escalation", description: "No policy lets its holder give himself more rights." },
  function* (statement) {
    const actions = ESCALATING.filter((action) => coversAction(statement, action));
    if (actions.length > 0) {
      yield {
        message: `${called(statement)} lets its holder take any right`,
        value: actions,
        fix: 'Action: ["s3:GetObject", …], // without them',
      };
    }
  },
);

/** Services ask for exactly these by name; every other managed policy is a list that AWS changes for all customers. */
const SERVICE_ROLES = /^arn:aws[a-z-]*:iam::aws:policy\/service-role\//;

export const managedPolicies: Rule = {
  name: "iam-managed-policy",
  group: "access",
  description: "Roles have policies of your own; of AWS's only those that a service's role requires.",
  enforcement: "mandatory",
  types: [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/role:Role",
  ],
  scope: "resource",
  *check({ props }) {
    const arns = [...texts(props.policyArn), ...texts(props.managedPolicyArns)];
    const foreign = arns.filter((arn) => /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn) && !SERVICE_ROLES.test(arn));
    if (foreign.length > 0) {
      yield {
        message: "the role has rights that AWS may change at any time",
        value: foreign,
        fix: "policyArn: policy.arn",
      };
    }
  },
};

export const userPolicies: Rule = {
  name: "iam-user-policy",
  group: "access",
  description: "No user has rights of his own: people come in by roles.",
  enforcement: "mandatory",
  types: [
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/accessKey:AccessKey",
  ],
  scope: "resource",
  *check({ props }) {
    yield { message: "a user has rights or keys of his own", value: text(props.user), fix: "new iam.Role(…)" };
  },
};

export const inlinePolicies = propertyRule({
  name: "iam-inline-policy",
  group: "access",
  description: "Rights are policies that can be found, compared and versioned, not text inside a role.",
  enforcement: "advisory",
  types: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/role:Role", "aws:iam/groupPolicy:GroupPolicy"],
  applies: (props) => props.policy !== undefined || objects(props.inlinePolicies).length > 0,
  value: (props) => text(props.name),
  holds: () => false,
  message: "the policy is inside a role, where nobody looks for it",
  fix: "new iam.RolePolicyAttachment(…, { role, policyArn: new iam.Policy(…).arn });",
});
