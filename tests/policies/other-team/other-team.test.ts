import { describe, expect, it } from "vitest";
import { checkPolicies } from "../../../cli/plan/policies";
import { record } from "../../../cli/plan/record";
import { declareBadStack } from "./bad";
import { declareGoodStack } from "./good";
import { ACCOUNT } from "./storage";

/** What is wrong with a stack that takes every default. */
const WRONG = [
  "athena-scan-limit",
  "athena-workgroup-encryption",
  "emr-bid-price",
  "emr-cluster-log-encryption",
  "emr-cluster-logging",
  "emr-cluster-placement",
  "emr-cluster-security-configuration",
  "emr-cluster-security-groups",
  "emr-cluster-ssh-key",
  "emr-cluster-termination",
  "emr-core-on-demand",
  "emr-primary-on-demand",
  "glue-job-logging",
  "glue-job-no-secrets",
  "glue-job-security-configuration",
  "glue-job-version",
  "iam-data-resources",
  "iam-key-resources",
  "iam-managed-policy",
  "iam-no-administrator",
  "iam-no-escalation",
  "iam-no-wildcard-actions",
  "iam-pass-role",
  "iam-trust-policy",
  "kinesis-shard-metrics",
  "kinesis-stream-encryption",
  "kinesis-stream-retention",
  "s3-bucket-encryption",
  "s3-bucket-force-destroy",
  "s3-bucket-lifecycle",
  "s3-bucket-logging",
  "s3-bucket-ownership",
  "s3-bucket-public-access-block",
  "s3-bucket-tls",
  "s3-bucket-versioning",
  "security-group-description",
  "security-group-ingress",
  "stack-budget",
  "stateful-resource-protected",
  "subnet-public-ip",
  "vpc-default-security-group",
  "vpc-endpoints-for-clusters",
  "vpc-flow-logs",
];

/** What the pack says of a program in prod. */
async function verdictsOn(program: () => void) {
  const account = { accountId: ACCOUNT, region: "us-east-1" };
  const target = { project: "acme", stack: "prod", account, config: {}, root: process.cwd() };
  const { resources } = await record(target, program);
  const options = { environment: "prod", exceptions: [], today: "2027-01-01" } as const;
  return { resources, ...checkPolicies(resources, options) };
}

describe("another team's stack", () => {
  it("is left in peace when it is well built, though nothing in it is Basin's", async () => {
    const { resources, checked, violations } = await verdictsOn(declareGoodStack);
    expect(resources.length).toBeGreaterThan(50);
    expect(checked).toBeGreaterThan(100);
    expect(violations).toEqual([]);
  });

  it("is told all that is wrong with it when it takes every default", async () => {
    const { violations } = await verdictsOn(declareBadStack);
    const mandatory = violations.filter(({ enforcement, undecided }) => enforcement === "mandatory" && !undecided);
    expect([...new Set(mandatory.map(({ policy }) => policy))].sort()).toEqual(WRONG);
    expect(mandatory.filter(({ message }) => message.includes("the rule itself failed"))).toEqual([]);
  });
});
