import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import type { Dashboard } from "./dashboard";
import { dashboardBody } from "./render";

export function declareDashboards(
  parent: pulumi.Resource,
  prefix: string,
  environment: Environment,
  dashboards: readonly Dashboard[],
): void {
  for (const dashboard of dashboards) {
    new cloudwatch.Dashboard(
      `${prefix}-dashboard-${dashboard.role}`,
      {
        dashboardName: environment.names.inAccount(dashboard.role, 255),
        dashboardBody: JSON.stringify(dashboardBody(dashboard, environment.settings.region)),
      },
      { parent },
    );
  }
}
