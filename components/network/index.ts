import * as ec2 from "@pulumi/aws/ec2";
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../declarations/faults";
import { FLOW_LOG_PREFIX } from "../data-lake/bucket-policy";
import type { Environment } from "../environment";
import { EMR_MANAGED_TAG } from "./emr-tag";
import { declareGateways, declareInterfaces } from "./declare-endpoints";
import { endpointZones } from "./endpoints";
import { layoutVpc, networkFaults } from "./layout";
import { declareGroups, declareRules, type SecurityGroupIds } from "./security-groups";
import { securityRules } from "./security-rules";
import { declareSourceRoutes } from "./source-routes";

export interface NetworkArgs {
  readonly environment: Environment;
  /** Where flow logs go: the lake's logs bucket. */
  readonly lake: { readonly buckets: { readonly logs: { readonly arn: string; readonly ready: pulumi.Resource[] } } };
}

/**
 * Where the lake's machines stand: isolated subnets that reach S3 and DynamoDB by gateways and every other service by
 * interfaces. No byte of the lake crosses a NAT gateway, and no route leads to the internet unless dev chose one.
 *
 * @throws InputError when the largest fleet does not fit into one zone.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One subnet a zone, in the zones' order. */
  readonly subnetIds: pulumi.Output<string[]>;
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly securityGroups: SecurityGroupIds;

  constructor(
    private readonly logicalName: string,
    { environment, lake }: NetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("basin:index:Network", logicalName, {}, opts);
    const { settings, capacity } = environment;
    refuse(networkFaults(settings, capacity.clusters));

    const vpc = this.declareVpc(environment);
    this.vpcId = vpc.vpcId;
    this.subnetIds = settings.network.egress === "nat" ? vpc.privateSubnetIds : vpc.isolatedSubnetIds;
    this.closeDefaultGroup();

    const groups = declareGroups(logicalName, { environment, vpcId: this.vpcId }, { parent: this });
    const child = { parent: this };
    const gateways = declareGateways(
      logicalName,
      { environment, vpcId: this.vpcId, routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)) },
      child,
    );
    const interfaces = declareInterfaces(
      logicalName,
      {
        environment,
        vpcId: this.vpcId,
        subnetIds: this.subnetIds.apply((ids) => ids.slice(0, endpointZones(settings))),
        securityGroupId: groups.endpoints.id,
      },
      child,
    );
    declareSourceRoutes(
      logicalName,
      {
        network: settings.network,
        vpcId: this.vpcId,
        subnetIds: this.subnetIds,
        routeTableIds: routeTablesOf(settings.network, vpc),
      },
      child,
    );
    const prefixLists = { s3: gateways.s3.prefixListId, dynamodb: gateways.dynamodb.prefixListId };
    const rules = securityRules(settings.network.egress, settings.connections);
    declareRules(logicalName, rules, groups, prefixLists, child);
    this.logFlows(lake.buckets.logs);

    this.endpointIds = { s3: gateways.s3.id, dynamodb: gateways.dynamodb.id, ...interfaces };
    this.securityGroups = {
      primary: groups.primary.id,
      core: groups.core.id,
      serviceAccess: groups.serviceAccess.id,
      endpoints: groups.endpoints.id,
      ...(groups.migration ? { migration: groups.migration.id } : {}),
    };
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private declareVpc({ settings: { network } }: Environment): awsx.Vpc {
    const layout = layoutVpc(network);
    const nat = layout.egressPrefix !== undefined;
    return new awsx.Vpc(
      `${this.logicalName}-vpc`,
      {
        cidrBlock: network.cidr,
        numberOfAvailabilityZones: network.zones,
        availabilityZoneCidrMask: layout.zonePrefix,
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: nat ? "Private" : "Isolated", name: "data", cidrMask: layout.dataPrefix, tags: EMR_MANAGED_TAG },
          ...(nat ? [{ type: "Public" as const, name: "egress", cidrMask: layout.egressPrefix }] : []),
        ],
        natGateways: { strategy: nat ? "Single" : "None" },
        // Interface endpoints answer under the services' own names.
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: EMR_MANAGED_TAG,
      },
      { parent: this },
    );
  }

  /** The group that AWS makes with every VPC, left without a rule. */
  private closeDefaultGroup(): void {
    new ec2.DefaultSecurityGroup(
      `${this.logicalName}-default-group`,
      { vpcId: this.vpcId, ingress: [], egress: [] },
      { parent: this },
    );
  }

  /** Into the logs bucket rather than a log group: under its key, and as Parquet that Athena reads. */
  private logFlows(logs: NetworkArgs["lake"]["buckets"]["logs"]): void {
    new ec2.FlowLog(
      `${this.logicalName}-flow-log`,
      {
        vpcId: this.vpcId,
        trafficType: "ALL",
        logDestinationType: "s3",
        logDestination: `${logs.arn}/${FLOW_LOG_PREFIX}/`,
        maxAggregationInterval: 600,
        destinationOptions: { fileFormat: "parquet", hiveCompatiblePartitions: true, perHourPartition: true },
      },
      { parent: this, dependsOn: logs.ready },
    );
  }
}

/** One by one, because a resource cannot be made from a list that only the deployment knows: awsx has one a subnet. */
function routeTablesOf({ zones, egress }: Environment["settings"]["network"], vpc: awsx.Vpc): pulumi.Output<string>[] {
  return Array.from({ length: egress === "nat" ? zones * 2 : zones }, (_, index) =>
    vpc.routeTables.apply((tables) => {
      const table = tables[index];
      if (table === undefined) throw new Error(`the VPC has ${tables.length} route tables, and no number ${index + 1}`);
      return table.id;
    }),
  );
}
