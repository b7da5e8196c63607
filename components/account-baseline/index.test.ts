import { beforeAll, describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { AccountBaseline } from "./index";

describe("AccountBaseline", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    const environment = exampleEnvironment("dev");
    recorded = await recordComponents(environment, () => new AccountBaseline("account", { environment }));
  });

  it("leaves everything in place when its stack goes, in dev as well: other stacks rely on it", () => {
    const made = recorded.resources.filter(({ custom }) => custom);
    expect(made).not.toHaveLength(0);
    for (const { name, options } of made) expect(options.retainOnDelete, name).toBe(true);
  });

  it("encrypts the catalogue by a role, so that readers need no permission on its key", () => {
    const role = recorded.get("aws:iam/role:Role", "account-catalog-role").outputs["arn"];
    const key = recorded.get("aws:kms/key:Key", "account-catalog-key").outputs["arn"];
    expect(
      recorded.get("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", "account-catalog-encryption")
        .inputs["dataCatalogEncryptionSettings"],
    ).toEqual({
      encryptionAtRest: {
        catalogEncryptionMode: "SSE-KMS-WITH-SERVICE-ROLE",
        catalogEncryptionServiceRole: role,
        sseAwsKmsKeyId: key,
      },
      connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: key },
    });
  });

  it("closes S3 and EMR to the public without an exception, and encrypts every new volume", () => {
    expect(
      recorded.get("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account-public-access").inputs,
    ).toEqual({
      accountId: "111122223333",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(
      recorded.get("aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration", "account-emr-public-access")
        .inputs,
    ).toEqual({ blockPublicSecurityGroupRules: true, permittedPublicSecurityGroupRuleRanges: [] });
    expect(recorded.get("aws:ebs/encryptionByDefault:EncryptionByDefault", "account-ebs-encryption").inputs).toEqual({
      enabled: true,
    });
  });
});
