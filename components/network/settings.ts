import ipaddr from "ipaddr.js";
import { z } from "zod";

export const CIDR_FORM = "an IPv4 network, as 10.20.0.0/16";

/** An IPv4 network whose host bits are zero. */
export const cidr = z.string().refine(isNetwork, { message: `not a network; allowed: ${CIDR_FORM}` });

function isNetwork(text: string): boolean {
  if (!ipaddr.IPv4.isValidCIDR(text)) return false;
  return text.startsWith(ipaddr.IPv4.networkAddressFromCIDR(text).toString() + "/");
}

/** Where the lake runs. Isolated subnets only; what leaves the VPC leaves by endpoints and declared routes. */
export const networkSettings = z.strictObject({
  cidr: cidr.describe("The VPC's network; it must hold the largest fleet in one zone."),
  zones: z.int().min(2).max(3).default(3),
  egress: z.enum(["none", "nat"]).default("none"),
  transitGateway: z
    .strictObject({
      id: z.string().regex(/^tgw-[0-9a-f]{8,17}$/, "not a transit gateway's id; allowed: tgw-…"),
      routes: z.array(cidr).min(1),
    })
    .optional(),
  peering: z
    .array(z.strictObject({ vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "not a VPC's id; allowed: vpc-…"), cidr }))
    .default([]),
});
export type NetworkSettings = z.output<typeof networkSettings>;
