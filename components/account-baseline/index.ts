import * as ebs from "@pulumi/aws/ebs";
import * as emr from "@pulumi/aws/emr";
import * as glue from "@pulumi/aws/glue";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { declareKey } from "../data-lake/keys";
import { keepsData, type Environment } from "../environment";
import { serviceTrust } from "../policy-document";
import { declareServiceRole } from "../service-role";
import { CATALOG_ROLE, catalogKeyPolicy, catalogResourcePolicy, catalogRoleStatements } from "./catalog-policies";
import { declareMigrationRoles } from "./migration-roles";

export interface AccountBaselineArgs {
  readonly environment: Environment;
}

/**
 * What an account and region has only one of; the stack that says `ownsAccount` declares it, and every other relies on
 * it. All of it stays when that stack goes: AWS has no deletion for these settings, only a weaker value, and the other
 * stacks would get that.
 */
export class AccountBaseline extends pulumi.ComponentResource {
  private readonly kept: pulumi.CustomResourceOptions;

  constructor(
    private readonly logicalName: string,
    { environment }: AccountBaselineArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:AccountBaseline", logicalName, {}, opts);
    // Protected in prod as well: whoever takes `ownsAccount` away is told before anything happens.
    this.kept = { parent: this, retainOnDelete: true, protect: keepsData(environment) };
    this.encryptCatalog(environment);
    new glue.ResourcePolicy(
      `${logicalName}-catalog-policy`,
      { policy: JSON.stringify(catalogResourcePolicy(environment)) },
      this.kept,
    );
    this.closeToPublic(environment.settings.accountId);
    declareMigrationRoles(logicalName, environment, this.kept);
    new ebs.EncryptionByDefault(`${logicalName}-ebs-encryption`, { enabled: true }, this.kept);
    this.registerOutputs({});
  }

  private encryptCatalog(environment: Environment): void {
    const name = this.logicalName;
    const key = declareKey(
      `${name}-catalog-key`,
      { environment, domain: "catalog", purpose: "Glue's catalogue", policy: catalogKeyPolicy(environment) },
      this.kept,
    );
    const { role, ready } = declareServiceRole(
      `${name}-catalog-role`,
      {
        environment,
        role: CATALOG_ROLE,
        description: "Glue encrypts its catalogue by this role",
        trust: serviceTrust("glue.amazonaws.com", environment.settings.accountId),
        statements: key.arn.apply(catalogRoleStatements),
      },
      this.kept,
    );
    new glue.DataCatalogEncryptionSettings(
      `${name}-catalog-encryption`,
      {
        dataCatalogEncryptionSettings: {
          encryptionAtRest: {
            catalogEncryptionMode: "SSE-KMS-WITH-SERVICE-ROLE",
            catalogEncryptionServiceRole: role.arn,
            sseAwsKmsKeyId: key.arn,
          },
          connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: key.arn },
        },
      },
      { ...this.kept, dependsOn: ready },
    );
  }

  private closeToPublic(accountId: string): void {
    new s3.AccountPublicAccessBlock(
      `${this.logicalName}-public-access`,
      {
        accountId,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.kept,
    );
    // Not even port 22, which AWS leaves open by default: people come by Session Manager.
    new emr.BlockPublicAccessConfiguration(
      `${this.logicalName}-emr-public-access`,
      { blockPublicSecurityGroupRules: true, permittedPublicSecurityGroupRuleRanges: [] },
      this.kept,
    );
  }
}
