import type * as pulumi from "@pulumi/pulumi";
// Not by the package's index, which loads the whole Automation API in every operation of the engine.
import { ComponentResource, CustomResource } from "@pulumi/pulumi/resource";
import { versionOf } from "./typings";

export interface VpcInputs {
  readonly cidrBlock: string;
  readonly numberOfAvailabilityZones: number;
  readonly subnetSpecs: readonly { type: "Public" | "Private" | "Isolated"; name: string; tags?: Tags }[];
  readonly natGateways: { readonly strategy: "None" | "Single" | "OnePerAz" };
  readonly enableDnsHostnames?: boolean;
  readonly enableDnsSupport?: boolean;
  readonly tags?: Tags;
}
type Tags = Readonly<Record<string, string>>;

interface Placed {
  readonly type: string;
  readonly subnet: Child;
  readonly routeTable: Child;
  readonly association: Child;
}

/** A resource of the AWS package, declared without loading its SDK. */
class Child extends CustomResource {
  constructor(module: string, type: string, name: string, inputs: pulumi.Inputs, parent: pulumi.Resource) {
    super(`aws:ec2/${module}:${type}`, name, inputs, { parent, version: versionOf("aws") });
  }
}

/**
 * What awsx makes of a VPC: an internet gateway that isolated subnets have no route to, and a route table and
 * association for each subnet; with a NAT gateway its address, and the routes to both gateways.
 */
export class Vpc extends ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(
    name: string,
    private readonly inputs: VpcInputs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("awsx:ec2:Vpc", name, {}, opts);
    const { cidrBlock, enableDnsHostnames, enableDnsSupport, tags } = inputs;
    const vpc = new Child("vpc", "Vpc", name, { cidrBlock, enableDnsHostnames, enableDnsSupport, tags }, this);
    const gateway = new Child("internetGateway", "InternetGateway", name, { vpcId: vpc.id, tags }, this);
    const placed = inputs.subnetSpecs.flatMap((_, spec) => this.placeSubnets(name, vpc, spec));
    const nats = this.declareNat(name, placed, gateway);

    const subnets = (type: string): Child[] => placed.filter((each) => each.type === type).map(({ subnet }) => subnet);
    const ids = (type: string): pulumi.Output<string>[] => subnets(type).map(({ id }) => id);
    this.state = {
      vpc,
      vpcId: vpc.id,
      internetGateway: gateway,
      natGateways: nats,
      subnets: placed.map(({ subnet }) => subnet),
      routeTables: placed.map(({ routeTable }) => routeTable),
      routeTableAssociations: placed.map(({ association }) => association),
      isolatedSubnets: subnets("Isolated"),
      privateSubnets: subnets("Private"),
      publicSubnets: subnets("Public"),
      isolatedSubnetIds: ids("Isolated"),
      privateSubnetIds: ids("Private"),
      publicSubnetIds: ids("Public"),
    };
    this.registerOutputs(this.state);
  }

  private placeSubnets(vpcName: string, vpc: Child, index: number): Placed[] {
    const spec = this.inputs.subnetSpecs[index];
    if (!spec) return [];
    const { type, tags } = spec;
    const [network = "", prefix = ""] = this.inputs.cidrBlock.split("/");
    return Array.from({ length: this.inputs.numberOfAvailabilityZones }, (_, zone) => {
      const name = `${vpcName}-${spec.name}-${zone + 1}`;
      // No block is cut as awsx cuts it: nothing here depends on addresses, only on their being apart.
      const cidrBlock = `${network.split(".").slice(0, 2).join(".")}.${zone * 64 + index * 32}.0/${Number(prefix) + 3}`;
      const inputs = { vpcId: vpc.id, cidrBlock, mapPublicIpOnLaunch: type === "Public", tags };
      const subnet = new Child("subnet", "Subnet", name, inputs, this);
      const routeTable = new Child("routeTable", "RouteTable", name, { vpcId: vpc.id, tags }, this);
      const join = { subnetId: subnet.id, routeTableId: routeTable.id };
      return {
        type,
        subnet,
        routeTable,
        association: new Child("routeTableAssociation", "RouteTableAssociation", name, join, this),
      };
    });
  }

  private declareNat(name: string, placed: readonly Placed[], gateway: Child): Child[] {
    const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
    const of = (type: string): Placed[] => placed.filter((each) => each.type === type);
    of("Public").forEach(({ routeTable }, zone) => {
      const inputs = { ...everywhere, routeTableId: routeTable.id, gatewayId: gateway.id };
      new Child("route", "Route", `${name}-public-${zone + 1}`, inputs, this);
    });
    const [first] = of("Public");
    if (this.inputs.natGateways.strategy === "None" || !first) return [];
    const address = new Child("eip", "Eip", `${name}-1`, { domain: "vpc" }, this);
    const inputs = { subnetId: first.subnet.id, allocationId: address.id };
    const nat = new Child("natGateway", "NatGateway", `${name}-1`, inputs, this);
    of("Private").forEach(({ routeTable }, zone) => {
      const route = { ...everywhere, routeTableId: routeTable.id, natGatewayId: nat.id };
      new Child("route", "Route", `${name}-private-${zone + 1}`, route, this);
    });
    return [nat];
  }
}
