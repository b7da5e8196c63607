import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { decide, type Call } from "../../tests/policy-decision";
import { KEY_DOMAINS, keyPolicy, type KeyDomain } from "./key-policy";

const environment = exampleEnvironment("prod");
const account = "111122223333";
const role = (name: string) => ({ "aws:PrincipalArn": `arn:aws:iam::${account}:role/${name}` });

function ask(
  domain: KeyDomain,
  action: string,
  context: Record<string, string>,
  principal: Call["principal"] = { account },
) {
  return decide(keyPolicy(environment, domain), { principal, action, resource: "*", context });
}

describe("a key's policy", () => {
  it.each(KEY_DOMAINS)("lets the account manage the %s key, without reading what it protects", (domain) => {
    expect(ask(domain, "kms:PutKeyPolicy", {})).toBe("allow");
    expect(ask(domain, "kms:Decrypt", {})).toBe("none");
    expect(ask(domain, "kms:Decrypt", role("somebody-else"))).toBe("none");
  });

  it.each(KEY_DOMAINS)(
    "matches roles of this stack by name for the %s key, so that a new one keeps the old one's",
    (domain) => {
      expect(ask(domain, "kms:Decrypt", role("basin-prod-emr-nodes"))).toBe("allow");
      expect(ask(domain, "kms:Decrypt", role("basin-dev-emr-nodes"))).toBe("none");
      expect(JSON.stringify(keyPolicy(environment, domain))).not.toMatch(/"AWS":"(?!arn:aws:iam::111122223333:root)/);
    },
  );

  it.each(KEY_DOMAINS)("lets no other account use the %s key", (domain) => {
    expect(ask(domain, "kms:Decrypt", role("basin-prod-emr-nodes"), { account: "999999999999" })).toBe("none");
  });

  it("lets producers and uploaders of the account use a key through its service alone", () => {
    const through = (service: string) => ({
      ...role("producer"),
      "kms:CallerAccount": account,
      "kms:ViaService": `${service}.us-east-1.amazonaws.com`,
    });
    expect(ask("streams", "kms:GenerateDataKey", through("kinesis"))).toBe("allow");
    expect(ask("streams", "kms:GenerateDataKey", through("s3"))).toBe("none");
    expect(ask("lake", "kms:GenerateDataKey", through("s3"))).toBe("allow");
    expect(ask("secrets", "kms:Decrypt", through("s3"))).toBe("none");
  });

  it("grants volumes to this stack's roles, and only to AWS's own resources", () => {
    const node = role("basin-prod-emr-service");
    expect(ask("lake", "kms:CreateGrant", { ...node, "kms:GrantIsForAWSResource": "true" })).toBe("allow");
    expect(ask("lake", "kms:CreateGrant", node)).toBe("none");
  });

  it("admits the services that write logs to the logs key, for this stack's logs, and to no other key", () => {
    const logs = { service: "logs.us-east-1.amazonaws.com" };
    const group = (name: string) => ({
      "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:log-group:${name}`,
    });
    expect(ask("logs", "kms:GenerateDataKey", group("/aws/events/basin-prod-operations"), logs)).toBe("allow");
    expect(ask("logs", "kms:GenerateDataKey", group("/aws/events/other"), logs)).toBe("none");
    for (const domain of KEY_DOMAINS.filter((each) => each !== "logs")) {
      expect(JSON.stringify(keyPolicy(environment, domain))).not.toContain('"Service"');
    }
  });

  it.each(KEY_DOMAINS)(
    "writes out every action of the %s key, names no public principal, and fits KMS's 32 KB",
    (domain) => {
      const policy = keyPolicy(environment, domain);
      for (const { Action, Principal } of policy.Statement) {
        expect([Action].flat().join()).not.toContain("*");
        expect(JSON.stringify(Principal)).not.toContain("*");
      }
      expect(JSON.stringify(policy).length).toBeLessThan(32_768);
    },
  );
});
