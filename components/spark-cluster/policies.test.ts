import { describe, expect, it } from "vitest";
import { sizePlatform } from "../../capacity/index";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { decide } from "../../tests/policy-decision";
import { policyDocument } from "../policy-document";
import { instanceStatements, nodesTrust, serviceStatements } from "./policies";

const datasets = [
  exampleStream("flights"),
  exampleDataset("delays", { source: { kind: "derived", from: ["flights"] }, volume: undefined }),
  exampleDataset("airports"),
  exampleDataset("flights_old"),
];
const without = exampleEnvironment("prod", { datasets });
const environment = { ...without, capacity: sizePlatform(without.settings, datasets) };
const keys = {
  lake: "arn:aws:kms:us-east-1:111122223333:key/lake",
  logs: "arn:aws:kms:us-east-1:111122223333:key/logs",
};

function nodesOf(cluster: string) {
  const size = environment.capacity.clusters.find(({ name }) => name === cluster);
  if (!size) throw new Error(cluster);
  const policy = policyDocument(instanceStatements(environment, size, keys));
  const principal = { account: "111122223333" };
  return (action: string, resource: string, context?: Record<string, string>) =>
    decide(policy, { principal, action, resource, context });
}

const RAW = "arn:aws:s3:::basin-prod-111122223333-us-east-1-raw";
const LAKE = "arn:aws:s3:::basin-prod-111122223333-us-east-1-lake";
const ARTIFACTS = "arn:aws:s3:::basin-prod-111122223333-us-east-1-artifacts";
const LOGS = "arn:aws:s3:::basin-prod-111122223333-us-east-1-logs";

describe("the nodes of a group", () => {
  const may = nodesOf("flights");

  it("read their own raw data and nobody else's, and change none", () => {
    expect(may("s3:GetObject", `${RAW}/flights/arrived=2026-11-01T00/a.json`)).toBe("allow");
    expect(may("s3:GetObject", `${RAW}/airports/arrived=2026-11-01T00/a.csv`)).toBe("none");
    expect(may("s3:GetObject", `${RAW}/flights_old/arrived=2026-11-01T00/a.csv`)).toBe("none");
    expect(may("s3:PutObject", `${RAW}/flights/arrived=2026-11-01T00/a.json`)).toBe("none");
    expect(may("s3:DeleteObject", `${RAW}/flights/arrived=2026-11-01T00/a.json`)).toBe("none");
  });

  it("write their own tables and what lies beside them, and nobody else's", () => {
    for (const key of ["silver/flights/_delta_log/0.json", "silver/flights__rejected/part-0", "gold/delays/part-0"]) {
      expect(may("s3:PutObject", `${LAKE}/${key}`), key).toBe("allow");
    }
    for (const key of ["silver/airports/part-0", "silver/flights_old/part-0", "gold/flights/part-0"]) {
      expect(may("s3:PutObject", `${LAKE}/${key}`), key).toBe("none");
    }
  });

  it("list only their own prefixes", () => {
    const list = (bucket: string, prefix: string) => may("s3:ListBucket", bucket, { "s3:prefix": prefix });
    expect(list(RAW, "flights/arrived=2026-11-01T00/")).toBe("allow");
    expect(list(LAKE, "silver/flights/_delta_log/")).toBe("allow");
    expect(list(LAKE, "silver/flights")).toBe("allow");
    expect(list(LAKE, "silver/airports/")).toBe("none");
    expect(list(RAW, "")).toBe("none");
  });

  it("read jobs and their own certificate, but change neither", () => {
    expect(may("s3:GetObject", `${ARTIFACTS}/jobs/0a/main.py`)).toBe("allow");
    expect(may("s3:GetObject", `${ARTIFACTS}/certificates/flights/1.zip`)).toBe("allow");
    expect(may("s3:GetObject", `${ARTIFACTS}/certificates/airports/1.zip`)).toBe("none");
    expect(may("s3:PutObject", `${ARTIFACTS}/jobs/0a/main.py`)).toBe("none");
  });

  it("write their own logs only", () => {
    expect(may("s3:PutObject", `${LOGS}/spark-events/flights/application_1`)).toBe("allow");
    expect(may("s3:PutObject", `${LOGS}/spark-events/airports/application_1`)).toBe("none");
    expect(may("s3:PutObject", `${LOGS}/emr/flights/j-1/steps/stderr.gz`)).toBe("allow");
    expect(may("s3:GetObject", `${LOGS}/emr/airports/j-1/steps/stderr.gz`)).toBe("none");
  });

  it("see their own tables in the catalogue, and change none", () => {
    const table = (zone: string, name: string) =>
      `arn:aws:glue:us-east-1:111122223333:table/basin_prod_${zone}/${name}`;
    expect(may("glue:GetTable", table("silver", "flights"))).toBe("allow");
    expect(may("glue:GetTable", table("gold", "delays"))).toBe("allow");
    expect(may("glue:GetTable", table("silver", "airports"))).toBe("none");
    expect(may("glue:UpdateTable", table("silver", "flights"))).toBe("none");
  });

  it("lock their own datasets only", () => {
    const locks = "arn:aws:dynamodb:us-east-1:111122223333:table/basin-prod-locks";
    expect(may("dynamodb:PutItem", locks, { "dynamodb:LeadingKeys": "flights" })).toBe("allow");
    expect(may("dynamodb:PutItem", locks, { "dynamodb:LeadingKeys": "airports" })).toBe("none");
  });

  it("may not hand on a role, nor use another key", () => {
    expect(may("iam:PassRole", "arn:aws:iam::111122223333:role/basin-prod-emr-nodes-flights")).toBe("none");
    expect(may("kms:Decrypt", keys.lake)).toBe("allow");
    expect(may("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/secrets")).toBe("none");
  });

  it("name every action", () => {
    for (const size of environment.capacity.clusters) {
      for (const { Action, Sid } of instanceStatements(environment, size, keys)) {
        expect(JSON.stringify(Action), Sid).not.toContain("*");
      }
    }
  });
});

describe("EMR's own role", () => {
  const policy = policyDocument(serviceStatements("arn:aws:iam::111122223333:role/nodes", keys.lake));
  const may = (action: string, resource: string, context?: Record<string, string>) =>
    decide(policy, { principal: { account: "111122223333" }, action, resource, context });

  it("hands the nodes' role to EC2 and to nobody else", () => {
    const nodes = "arn:aws:iam::111122223333:role/nodes";
    expect(may("iam:PassRole", nodes, { "iam:PassedToService": "ec2.amazonaws.com" })).toBe("allow");
    expect(may("iam:PassRole", nodes, { "iam:PassedToService": "lambda.amazonaws.com" })).toBe("none");
  });

  it("grants the disks' key to AWS's own services only", () => {
    expect(may("kms:CreateGrant", keys.lake, { "kms:GrantIsForAWSResource": "true" })).toBe("allow");
    expect(may("kms:CreateGrant", keys.lake, { "kms:GrantIsForAWSResource": "false" })).toBe("none");
  });
});

describe("the nodes' trust", () => {
  it("is in EC2, without a condition that EC2 does not send", () => {
    expect(
      decide(nodesTrust(), { principal: { service: "ec2.amazonaws.com" }, action: "sts:AssumeRole", resource: "" }),
    ).toBe("allow");
  });
});
