import { accountRoot, administration } from "../data-lake/key-policy";
import type { Environment } from "../environment";
import { policyDocument, type PolicyDocument } from "../policy-document";

type Scope = Pick<Environment, "names" | "settings">;

const CATALOG_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"] as const;

/** The role by which Glue encrypts the catalogue: whoever reads a table then needs no permission on this key. */
export function catalogRoleName({ names }: Pick<Scope, "names">): string {
  return names.inAccount("catalog-encryption");
}

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
      Condition: { ArnEquals: { "aws:PrincipalArn": names.arn("iam", `role/${catalogRoleName(scope)}`) } },
    },
  ]);
}

export function catalogRolePolicy(keyArn: string): PolicyDocument {
  return policyDocument([{ Sid: "EncryptCatalog", Effect: "Allow", Action: CATALOG_USE, Resource: keyArn }]);
}
