import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { decide, type Call } from "../../tests/policy-decision";
import { BUCKET_ROLES, type BucketRole } from "../names";
import { bucketPolicy } from "./bucket-policy";

const environment = exampleEnvironment("prod");
const KEY = "arn:aws:kms:us-east-1:111122223333:key/lake";
const SAFE = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
const ALGORITHM = "s3:x-amz-server-side-encryption";
const KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const ENCRYPTED = BUCKET_ROLES.filter((role) => role !== "access-logs");

const policyOf = (role: BucketRole) => bucketPolicy(environment, role, role === "access-logs" ? undefined : KEY);

function upload(role: BucketRole, context: Record<string, string> = {}): "deny" | "allow" | "none" {
  return decide(policyOf(role), {
    principal: { account: "111122223333" },
    action: "s3:PutObject",
    resource: `${environment.names.bucketArn(role)}/a/b`,
    context: { ...SAFE, ...context },
  });
}

function deliver(role: BucketRole, service: string, key: string, sourceArn: string, account = "111122223333") {
  const call: Call = {
    principal: { service },
    action: "s3:PutObject",
    resource: `${environment.names.bucketArn(role)}/${key}`,
    context: { ...SAFE, "aws:SourceAccount": account, "aws:SourceArn": sourceArn },
  };
  return decide(policyOf(role), call);
}

describe("a bucket's policy", () => {
  it.each(BUCKET_ROLES)("denies every call to %s without TLS, or with a version below 1.2", (role) => {
    for (const context of [{ "aws:SecureTransport": "false" }, { "s3:TlsVersion": "1.1" }]) {
      for (const action of ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]) {
        for (const resource of [environment.names.bucketArn(role), `${environment.names.bucketArn(role)}/key`]) {
          const call = { principal: { account: "111122223333" }, action, resource, context: { ...SAFE, ...context } };
          expect(decide(policyOf(role), call), `${action} ${resource}`).toBe("deny");
        }
      }
    }
  });

  it.each(ENCRYPTED)("lets an upload to %s without a header fall to the bucket's own key", (role) => {
    expect(upload(role)).toBe("none");
  });

  it.each(ENCRYPTED)("lets an upload to %s name the bucket's key", (role) => {
    expect(upload(role, { [ALGORITHM]: "aws:kms", [KEY_ID]: KEY })).toBe("none");
  });

  it.each([
    ["another algorithm", { [ALGORITHM]: "AES256" }],
    ["two layers", { [ALGORITHM]: "aws:kms:dsse", [KEY_ID]: KEY }],
    ["KMS without a key, which means aws/s3", { [ALGORITHM]: "aws:kms" }],
    ["another key", { [ALGORITHM]: "aws:kms", [KEY_ID]: "arn:aws:kms:us-east-1:111122223333:key/other" }],
    ["another account's key", { [ALGORITHM]: "aws:kms", [KEY_ID]: "arn:aws:kms:us-east-1:999999999999:key/lake" }],
  ])("denies an upload with %s", (_, context) => {
    for (const role of ENCRYPTED) expect(upload(role, context), role).toBe("deny");
  });

  it("takes access logs from this stack's buckets under S3's own key, and from no others", () => {
    const raw = environment.names.bucketArn("raw");
    expect(upload("access-logs", { [ALGORITHM]: "aws:kms" })).toBe("deny");
    expect(deliver("access-logs", "logging.s3.amazonaws.com", "raw/x", raw)).toBe("allow");
    expect(deliver("access-logs", "logging.s3.amazonaws.com", "raw/x", "arn:aws:s3:::other")).toBe("none");
    expect(deliver("access-logs", "logging.s3.amazonaws.com", "raw/x", raw, "999999999999")).toBe("none");
  });

  it("takes flow logs and inventories into the logs bucket, each under its own prefix", () => {
    const flows = "arn:aws:logs:us-east-1:111122223333:*";
    const lake = environment.names.bucketArn("lake");
    expect(deliver("logs", "delivery.logs.amazonaws.com", "flow-logs/AWSLogs/x", flows)).toBe("allow");
    expect(deliver("logs", "delivery.logs.amazonaws.com", "inventory/x", flows)).toBe("none");
    expect(deliver("logs", "s3.amazonaws.com", "inventory/lake/x", lake)).toBe("allow");
    expect(deliver("logs", "s3.amazonaws.com", "flow-logs/x", lake)).toBe("none");
  });

  it.each(BUCKET_ROLES)("lets no other account into %s, and fits S3's 20 KB", (role) => {
    const policy = policyOf(role);
    const allowed = policy.Statement.filter(({ Effect }) => Effect === "Allow");
    for (const { Principal } of allowed) expect(Object.keys(Principal ?? {})).toEqual(["Service"]);
    expect(JSON.stringify(policy).length).toBeLessThan(20_480);
  });
});
