import type { Target } from "../break";
import { BUDGET } from "./alerts";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const statement = (sid: string, path: string): string => `policy|Statement{Sid=${sid}}.${path}`;
export const accessTargets: readonly Target[] = [
  {
    rule: "iam-no-wildcard-actions",
    type: POLICY,
    name: /nodes-policy/,
    at: "policy|Statement[0].Action",
    wrong: ["s3:*", ["s3:Get*"]],
    without: ["removed"],
  },
  {
    rule: "iam-no-administrator",
    type: POLICY,
    at: "policy|Statement[0]",
    wrong: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    without: ["removed"],
  },
  {
    rule: "iam-data-resources",
    type: POLICY,
    at: statement("ReadRaw", "Resource"),
    wrong: ["*", "arn:aws:s3:::*"],
    without: ["removed"],
  },
  {
    rule: "iam-no-escalation",
    type: POLICY,
    at: "policy|Statement[0].Action",
    wrong: ["iam:PutRolePolicy", "iam:*"],
    without: ["removed"],
  },
  {
    rule: "iam-key-resources",
    type: POLICY,
    at: statement("UseTheDisksKey", "Resource"),
    wrong: ["*"],
    without: ["removed"],
  },
  {
    rule: "iam-pass-role",
    type: POLICY,
    at: statement("PassTheNodesRole", "Resource"),
    wrong: ["*"],
    without: ["removed"],
  },
  {
    rule: "iam-pass-role",
    type: POLICY,
    at: statement("PassTheNodesRole", "Condition"),
    wrong: [{}],
  },
  {
    rule: "iam-managed-policy",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    at: "policyArn",
    wrong: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    without: ["removed"],
  },
  {
    rule: "iam-trust-policy",
    type: ROLE,
    name: /flights-nodes/,
    at: "assumeRolePolicy|Statement[0].Principal",
    wrong: ["*", { AWS: "*" }],
    without: ["removed"],
  },
  {
    rule: "iam-trust-confused-deputy",
    type: ROLE,
    name: /delivery/,
    at: "assumeRolePolicy|Statement[0].Condition",
    wrong: [{}],
  },
  {
    rule: "iam-trust-external-account",
    type: ROLE,
    name: /flights-nodes/,
    at: "assumeRolePolicy|Statement[0].Principal",
    wrong: [{ AWS: "999999999999" }],
    without: ["removed"],
  },
  {
    rule: "allocation-tags",
    type: "pulumi:providers:aws",
    at: "defaultTags",
    wrong: ['{"tags":{}}', "{}", '{"tags":{"Name":"lake"}}', '{"tags":{"owner":"data"}}'],
  },
  { rule: "stack-budget", type: BUDGET, at: "budgetType", wrong: ["USAGE", ["COST"]], without: ["unknown"] },
  { rule: "stack-budget", type: BUDGET, at: "limitAmount", wrong: ["0", "unlimited"], without: ["unknown"] },
  { rule: "budget-notification", type: BUDGET, at: "notifications", wrong: [[], [{ threshold: 80 }], "mail"] },
];
