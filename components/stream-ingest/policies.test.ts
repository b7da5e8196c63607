import { describe, expect, it } from "vitest";
import { exampleEnvironment, exampleStream } from "../../tests/environment";
import { decide } from "../../tests/policy-decision";
import { policyDocument } from "../policy-document";
import { MANAGED_POLICY_LIMIT } from "../policy-parts";
import { deliveryGroups, deliveryStatements, producerPolicy } from "./policies";

const environment = exampleEnvironment("prod");
const keys = {
  streams: "arn:aws:kms:us-east-1:111122223333:key/streams",
  lake: "arn:aws:kms:us-east-1:111122223333:key/lake",
};
const LOGS = "/aws/kinesisfirehose/basin-prod-archive";
const principal = { account: "111122223333" };

describe("a delivery role", () => {
  const policy = policyDocument(deliveryStatements(environment, ["events"], keys, LOGS));
  const ask = (action: string, resource: string, context = {}) =>
    decide(policy, { principal, action, resource, context });
  const raw = environment.names.bucketArn("raw");

  it("reads its own streams and no others", () => {
    const stream = "arn:aws:kinesis:us-east-1:111122223333:stream/basin-prod-stream-";
    expect(ask("kinesis:GetRecords", `${stream}events`)).toBe("allow");
    expect(ask("kinesis:GetRecords", `${stream}clicks`)).toBe("none");
    expect(ask("kinesis:PutRecord", `${stream}events`)).toBe("none");
  });

  it("writes under its own datasets in raw, and deletes nothing", () => {
    expect(ask("s3:PutObject", `${raw}/events/arrived=2026-01-01T00/a`)).toBe("allow");
    expect(ask("s3:PutObject", `${raw}/events__undelivered/a`)).toBe("allow");
    expect(ask("s3:PutObject", `${raw}/clicks/a`)).toBe("none");
    expect(ask("s3:DeleteObject", `${raw}/events/a`)).toBe("none");
  });

  it("uses the lake's key through S3 for the raw bucket alone: with bucket keys the context is the bucket", () => {
    const through = (bucket: string) => ({
      "kms:ViaService": "s3.us-east-1.amazonaws.com",
      "kms:EncryptionContext:aws:s3:arn": bucket,
    });
    expect(ask("kms:GenerateDataKey", keys.lake, through(raw))).toBe("allow");
    expect(ask("kms:GenerateDataKey", keys.lake, through(environment.names.bucketArn("lake")))).toBe("none");
    expect(ask("kms:Decrypt", keys.lake)).toBe("none");
  });
});

describe("a producer", () => {
  it("puts records on one stream and reads none", () => {
    const policy = producerPolicy(environment, "events", keys.streams);
    const ask = (action: string, dataset: string) =>
      decide(policy, {
        principal,
        action,
        resource: `arn:aws:kinesis:us-east-1:111122223333:stream/basin-prod-stream-${dataset}`,
      });
    expect(ask("kinesis:PutRecords", "events")).toBe("allow");
    expect(ask("kinesis:PutRecords", "clicks")).toBe("none");
    expect(ask("kinesis:GetRecords", "events")).toBe("none");
  });
});

describe("delivery roles of a thousand streams", () => {
  const longest = (i: number) => `${"s".repeat(55)}${i}`;
  const streams = Array.from({ length: 1_000 }, (_, i) => exampleStream(longest(i), { owner: `team-${i % 3}` }));
  const groups = deliveryGroups(environment, streams, LOGS);

  it("leave an account most of its 1,000 roles", () => {
    expect(groups.length).toBeLessThan(200);
  });

  it("serve one owner each, and every stream once", () => {
    const owners = new Map(streams.map(({ name, owner }) => [name, owner]));
    for (const { owner, items } of groups) for (const { name } of items) expect(owners.get(name)).toBe(owner);
    expect(groups.flatMap(({ items }) => items.map(({ name }) => name)).sort()).toEqual([...owners.keys()].sort());
    expect(new Set(groups.map(({ owner, number }) => `${owner} ${number}`)).size).toBe(groups.length);
  });

  it("have policies that IAM takes", () => {
    for (const { items } of groups) {
      const datasets = items.map(({ name }) => name);
      expect(
        JSON.stringify(policyDocument(deliveryStatements(environment, datasets, keys, LOGS))).length,
      ).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
    }
  });
});
