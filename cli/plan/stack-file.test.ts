import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStackConfig } from "./stack-file";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "basin-stack-"))));
afterEach(() => rmSync(root, { recursive: true }));

const config = (yaml: string): Record<string, string> => {
  writeFileSync(join(root, "Pulumi.dev.yaml"), yaml);
  return readStackConfig(root, "dev");
};

describe("a stack's configuration", () => {
  it("keeps a scalar's own text, as Pulumi's engine does", () => {
    const yaml = `config:
  aws:region: us-east-1
  basin:accountId: "000000000001"
  basin:octal: 007
  basin:share: 0.10
  basin:tiny: 1e-05
  basin:owns: true
  basin:day: 2027-01-01
  basin:quoted: 'it''s'
  basin:nothing:
  basin:null: ~
`;
    expect(config(yaml)).toEqual({
      "aws:region": "us-east-1",
      "basin:accountId": "000000000001",
      "basin:octal": "007",
      "basin:share": "0.10",
      "basin:tiny": "1e-05",
      "basin:owns": "true",
      "basin:day": "2027-01-01",
      "basin:quoted": "it's",
      "basin:nothing": "",
      "basin:null": "",
    });
  });

  it("hands over objects and lists as JSON with keys in order", () => {
    const yaml = `config:
  basin:network: { zones: 2, cidr: 10.0.0.0/16, peering: [{ vpcId: vpc-1 }] }
  basin:list:
    - a
    - 1.50
`;
    expect(config(yaml)).toEqual({
      "basin:network": '{"cidr":"10.0.0.0/16","peering":[{"vpcId":"vpc-1"}],"zones":2}',
      "basin:list": '["a",1.5]',
    });
  });

  it("reads an unquoted day inside an object as the point in time that YAML 1.1 makes of it", () => {
    expect(config("config:\n  basin:retired: { flights: 2027-01-01, other: '2027-01-01' }\n")).toEqual({
      "basin:retired": '{"flights":"2027-01-01 00:00:00 +0000 UTC","other":"2027-01-01"}',
    });
  });

  it("puts a placeholder for what is encrypted", () => {
    const yaml = `encryptionsalt: v1:abc
config:
  basin:token:
    secure: v1:AAAA
  basin:alerts: { email: [], chat: { secure: v1:BBBB } }
`;
    const read = config(yaml);
    expect(read["basin:token"]).toBe("https://secure.invalid/");
    expect(read["basin:alerts"]).toBe('{"chat":"https://secure.invalid/","email":[]}');
  });

  it("may be empty", () => expect(config("")).toEqual({}));

  it.each([
    ["config: [", "Pulumi.dev.yaml: is not YAML"],
    ["config: 3\n", "Pulumi.dev.yaml: config: has the wrong form; allowed: keys and values"],
  ])("refuses %j", (yaml, message) => expect(() => config(yaml)).toThrow(message));

  it("of an unknown stack is refused with the stacks that exist", () => {
    config("");
    writeFileSync(join(root, "Pulumi.yaml"), "");
    writeFileSync(join(root, "Pulumi.prod.yaml"), "");
    const message = '--stack: has no settings file; found "staging"; allowed: dev, prod';
    expect(() => readStackConfig(root, "staging")).toThrow(message);
    expect(() => readStackConfig(root, "../dev")).toThrow("allowed: dev, prod");
  });
});
