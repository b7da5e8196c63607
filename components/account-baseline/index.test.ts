import { beforeAll, describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { decide } from "../../tests/policy-decision";
import type { PolicyDocument } from "../policy-document";
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

  it("is protected in prod: an owner that stops owning the account is told so first", async () => {
    const environment = exampleEnvironment("prod");
    const inProd = await recordComponents(environment, () => new AccountBaseline("account", { environment }));
    for (const { name, options, custom } of inProd.resources) if (custom) expect(options.protect, name).toBe(true);
  });

  it("has the roles that DMS looks for by name, assumed for this account alone", () => {
    for (const name of ["dms-vpc-role", "dms-cloudwatch-logs-role"]) {
      const { inputs } = recorded.get("aws:iam/role:Role", `account-${name}`);
      expect(inputs["name"]).toBe(name);
      expect(inputs["assumeRolePolicy"]).toContain('"aws:SourceAccount":"111122223333"');
    }
  });

  it("keeps other accounts out of the catalogue, and lets the services of this one in", () => {
    const policy = JSON.parse(
      recorded.get("aws:glue/resourcePolicy:ResourcePolicy", "account-catalog-policy").inputs["policy"] as string,
    ) as PolicyDocument;
    const verdict = (account: string, service: string, transport = "true") =>
      decide(policy, {
        principal: { account },
        action: "glue:GetTable",
        resource: "arn:aws:glue:us-east-1:111122223333:table/basin_dev_silver/flights",
        context: {
          "aws:PrincipalAccount": account,
          "aws:PrincipalIsAWSService": service,
          "aws:SecureTransport": transport,
        },
      });
    expect(verdict("222233334444", "false")).toBe("deny");
    expect(verdict("111122223333", "false")).toBe("none");
    expect(verdict("222233334444", "true")).toBe("none");
    expect(verdict("111122223333", "false", "false")).toBe("deny");
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
