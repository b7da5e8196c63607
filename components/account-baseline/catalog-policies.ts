import { accountRoot, administration } from "../data-lake/key-policy";
import { sharedCatalogueStatements, sharingAccounts } from "../data-lake/shared-catalogue";
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

/**
 * The catalogue's resource policy: nobody outside of the account, whatever another policy would grant, and nothing in
 * the clear. Readers of other accounts come by a role in this one, but for those with whom the catalogue is shared.
 */
export function catalogResourcePolicy(scope: Scope & Pick<Environment, "datasets">): PolicyDocument {
  const { names, settings } = scope;
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: "glue:*",
    Resource: ["catalog", "database/*", "table/*/*", "userDefinedFunction/*/*"].map((path) => names.arn("glue", path)),
  } as const;
  return policyDocument([
    {
      Sid: "DenyOtherAccounts",
      ...everything,
      Condition: {
        StringNotEquals: { "aws:PrincipalAccount": [settings.accountId, ...sharingAccounts(scope)] },
        // A service that works for this account is of no account.
        Bool: { "aws:PrincipalIsAWSService": "false" },
      },
    },
    { Sid: "DenyPlainTransport", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ...sharedCatalogueStatements(scope),
  ]);
}
