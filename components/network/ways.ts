import type { NetworkSettings } from "./settings";

/** A network outside of the VPC, and what leads there. */
export interface SourceRoute {
  readonly cidr: string;
  readonly via: { readonly transitGateway: string } | { readonly peer: string };
}

/** The ways to source databases: no other network is reached, and none of these leads to the internet. */
export function sourceRoutes({
  transitGateway,
  peering,
}: Pick<NetworkSettings, "transitGateway" | "peering">): SourceRoute[] {
  return [
    ...(transitGateway?.routes ?? []).map((cidr) => ({ cidr, via: { transitGateway: transitGateway?.id ?? "" } })),
    ...peering.map(({ cidr, vpcId }) => ({ cidr, via: { peer: vpcId } })),
  ];
}
