import { describe, expect, it } from "vitest";
import { checkStack } from "../../policies/check";
import { RULES } from "../../policies/rules";
import { subject } from "../../policies/testing/subjects";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

/** What the rule says of one resource. */
function said(rule: string, type: string, props: Record<string, unknown>): readonly string[] {
  const rules = RULES.filter(({ name }) => name === rule);
  return checkStack([subject(type, "it", props)], rules).violations.map(({ message }) => message);
}

function configured(
  atRest: Record<string, unknown>,
  encryption: Record<string, unknown> = {},
): Record<string, unknown> {
  const EncryptionConfiguration = {
    EnableAtRestEncryption: true,
    AtRestEncryptionConfiguration: atRest,
    ...encryption,
  };
  return { configuration: JSON.stringify({ EncryptionConfiguration }) };
}

const SECURITY = "aws:emr/securityConfiguration:SecurityConfiguration";
const S3_TARGET = "aws:dms/s3Endpoint:S3Endpoint";

describe("a configuration that passes another checker's test without holding its control", () => {
  it.each([
    [
      "CKV_AWS_171 looks for the text SSE-KMS anywhere",
      "emr-s3-encryption",
      configured({ S3EncryptionConfiguration: { EncryptionMode: "SSE-S3", Comment: "not SSE-KMS" } }),
      "S3 objects are not encrypted with KMS",
    ],
    [
      "AWS-0137 denies an explicit false, and not a missing switch",
      "emr-s3-encryption",
      configured({}, { EnableAtRestEncryption: undefined }),
      "encryption at rest is off",
    ],
    [
      "AWS-0137 denies an explicit false, and not a missing key",
      "emr-s3-encryption",
      configured({ S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS" } }),
      "S3 objects are encrypted with AWS's own key",
    ],
    [
      "AWS-0139 denies an empty key provider, and not a missing one",
      "emr-local-disk-encryption",
      configured({ LocalDiskEncryptionConfiguration: { EnableEbsEncryption: true } }),
      "local disks are not encrypted with KMS",
    ],
  ])("is told: %s", (_, rule, props, message) => {
    expect(said(rule, SECURITY, props)).toEqual([message]);
  });

  it("is told: CKV_AWS_298 asks for an attribute that the S3 engine does not use", () => {
    const message = "objects that DMS writes are not encrypted with a key of your own";
    expect(said("dms-s3-target-encryption", S3_TARGET, { endpointType: "target", kmsKeyArn: KEY })).toEqual([message]);
    const right = { endpointType: "target", encryptionMode: "SSE_KMS", serverSideEncryptionKmsKeyId: KEY };
    expect(said("dms-s3-target-encryption", S3_TARGET, right)).toEqual([]);
  });
});
