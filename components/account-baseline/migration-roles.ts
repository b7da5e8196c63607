import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { serviceTrust } from "../policy-document";

/**
 * The two roles that DMS looks for in an account, by exactly these names, and the policies that AWS keeps for them: DMS
 * says in its guide that it may need more of them at any time.
 */
export const MIGRATION_ROLES = [
  {
    name: "dms-vpc-role",
    description: "DMS places its replication instances in subnets by this role",
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole",
  },
  {
    name: "dms-cloudwatch-logs-role",
    description: "DMS writes the logs of its tasks by this role",
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole",
  },
] as const;

export function declareMigrationRoles(
  logicalName: string,
  { names, settings }: Pick<Environment, "names" | "settings">,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { name, description, policyArn } of MIGRATION_ROLES) {
    const role = new iam.Role(
      `${logicalName}-${name}`,
      {
        name,
        description,
        assumeRolePolicy: JSON.stringify(serviceTrust("dms.amazonaws.com", settings.accountId, names.arn("dms", "*"))),
      },
      opts,
    );
    new iam.RolePolicyAttachment(`${logicalName}-${name}-attachment`, { role: role.name, policyArn }, opts);
  }
}
