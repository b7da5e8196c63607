import * as ec2 from "@pulumi/aws/ec2";
import * as ec2transitgateway from "@pulumi/aws/ec2transitgateway";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "./settings";
import { sourceRoutes } from "./ways";

export interface SourceRouteArgs {
  readonly network: NetworkSettings;
  readonly vpcId: pulumi.Input<string>;
  /** Nodes' subnets, one a zone: where the transit gateway is attached. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** One a subnet. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
}

/** Attaches the VPC to what leads to the sources, and tells every subnet the way. The way back is the other side's. */
export function declareSourceRoutes(name: string, args: SourceRouteArgs, opts: pulumi.CustomResourceOptions): void {
  const { network, vpcId } = args;
  const attachment = network.transitGateway
    ? new ec2transitgateway.VpcAttachment(
        `${name}-transit-gateway`,
        { transitGatewayId: network.transitGateway.id, vpcId, subnetIds: args.subnetIds },
        opts,
      )
    : undefined;
  const peers = [...new Set(network.peering.map((peer) => peer.vpcId))];
  const connections = new Map(
    peers.map((peerVpcId) => [
      peerVpcId,
      // Of this account and region, so that it needs nobody else's consent.
      new ec2.VpcPeeringConnection(`${name}-peering-${peerVpcId}`, { vpcId, peerVpcId, autoAccept: true }, opts),
    ]),
  );
  for (const { cidr, via } of sourceRoutes(network)) {
    const target =
      "peer" in via
        ? { vpcPeeringConnectionId: connections.get(via.peer)?.id }
        : { transitGatewayId: via.transitGateway };
    args.routeTableIds.forEach((routeTableId, zone) => {
      new ec2.Route(
        // A route is the network that it leads to: another network is another route.
        `${name}-route-${cidr.replace(/[./]/g, "-")}-${zone}`,
        { routeTableId, destinationCidrBlock: cidr, ...target },
        // A gateway takes routes only once the VPC is attached to it.
        { ...opts, ...(attachment ? { dependsOn: attachment } : {}) },
      );
    });
  }
}
