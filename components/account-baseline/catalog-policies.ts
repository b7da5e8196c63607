import { accountRoot, administration } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document";

type Scope = Pick<Environment, "names" | "settings">;

const CATALOG_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"] as const;

/** The role by which Glue encrypts the catalogue: whoever reads a table then needs no permission on this key. */
export const CATALOG_ROLE = "catalog-encryption";

export function catalogKeyPolicy(scope: Scope): PolicyDocument {
  const { names, settings } = scope;
  return policyDocument([
    administration(scope),
    {
      Sid: "UsedByTheCatalogsRole",
      Effect: "Allow",
      Principal: { AWS: accountRoot(settings.accountId) },
      Action: CATALOG_USE,
      Resource: "*",
      Condition: { ArnEquals: { "aws:PrincipalArn": names.arn("iam", `role/${names.inAccount(CATALOG_ROLE)}`) } },
    },
  ]);
}

export function catalogRoleStatements(keyArn: string): Statement[] {
  return [{ Sid: "EncryptCatalog", Effect: "Allow", Action: CATALOG_USE, Resource: keyArn }];
}
