import * as ec2 from "@pulumi/aws/ec2";
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../declarations/faults";
import { FLOW_LOG_PREFIX } from "../data-lake/bucket-policy";
import type { Environment } from "../environment";
import type { PolicyDocument } from "../policy-document";
import { EMR_MANAGED_TAG } from "./emr-tag";
import { dynamodbEndpointPolicy, interfaceEndpointPolicy, s3EndpointPolicy } from "./endpoint-policies";
import { chooseEndpoints, endpointZones } from "./endpoints";
import { layoutVpc, networkFaults } from "./layout";
import { declareGroups, declareRules } from "./security-groups";
import { securityRules, type GroupRole } from "./security-rules";

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
  readonly securityGroups: Readonly<Record<GroupRole, pulumi.Output<string>>>;

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
    const routeTableIds = vpc.routeTables.apply((tables) => tables.map(({ id }) => id));
    const gateways = {
      s3: this.declareGateway(environment, "s3", s3EndpointPolicy(environment), routeTableIds),
      dynamodb: this.declareGateway(environment, "dynamodb", dynamodbEndpointPolicy(environment), routeTableIds),
    };
    const interfaces = this.declareInterfaces(environment, groups.endpoints.id);
    const prefixLists = { s3: gateways.s3.prefixListId, dynamodb: gateways.dynamodb.prefixListId };
    declareRules(logicalName, securityRules(settings.network.egress), groups, prefixLists, { parent: this });
    this.logFlows(lake.buckets.logs);

    this.endpointIds = { s3: gateways.s3.id, dynamodb: gateways.dynamodb.id, ...interfaces };
    this.securityGroups = {
      primary: groups.primary.id,
      core: groups.core.id,
      serviceAccess: groups.serviceAccess.id,
      endpoints: groups.endpoints.id,
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

  private declareGateway(
    { settings }: Environment,
    service: "s3" | "dynamodb",
    policy: PolicyDocument,
    routeTableIds: pulumi.Input<pulumi.Input<string>[]>,
  ): ec2.VpcEndpoint {
    return new ec2.VpcEndpoint(
      `${this.logicalName}-endpoint-${service}`,
      {
        vpcId: this.vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${settings.region}.${service}`,
        routeTableIds,
        policy: JSON.stringify(policy),
      },
      { parent: this },
    );
  }

  private declareInterfaces(
    environment: Environment,
    securityGroupId: pulumi.Output<string>,
  ): Record<string, pulumi.Output<string>> {
    const { settings } = environment;
    const subnetIds = this.subnetIds.apply((ids) => ids.slice(0, endpointZones(settings)));
    const ids = chooseEndpoints(environment).map((endpoint) => {
      const { id } = new ec2.VpcEndpoint(
        `${this.logicalName}-endpoint-${endpoint.service}`,
        {
          vpcId: this.vpcId,
          vpcEndpointType: "Interface",
          serviceName: `com.amazonaws.${settings.region}.${endpoint.service}`,
          subnetIds,
          securityGroupIds: [securityGroupId],
          privateDnsEnabled: true,
          policy: JSON.stringify(interfaceEndpointPolicy(environment, endpoint)),
        },
        { parent: this },
      );
      return [endpoint.service, id] as const;
    });
    return Object.fromEntries(ids);
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
