import ipaddr from "ipaddr.js";
import type { ClusterSize, FleetSize } from "../../capacity/index";
import type { Fault } from "../../declarations/faults";
import type { Settings } from "../../stacks/settings";
import { sourceRoutes } from "./ways";

/** AWS keeps the first four addresses of a subnet and the last. */
const RESERVED_ADDRESSES = 5;
/** A VPC is between these prefixes long, and so is a subnet. */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 28;
/** The network is cut for four zones, whatever their number: a zone that is added later moves no subnet. */
const ZONE_BITS = 2;
/** The nodes' subnet is half of its zone; the other half is for what is not here yet. */
const DATA_BITS = ZONE_BITS + 1;
/** Interfaces in a zone's subnet beside the nodes: one an interface endpoint, and services that attach their own. */
const RESERVED_INTERFACES = 32;

/** How the VPC is cut. Prefix lengths, as awsx takes them. */
export interface VpcLayout {
  readonly zonePrefix: number;
  readonly dataPrefix: number;
  /** Only where a NAT gateway was chosen; its subnet holds nothing else. */
  readonly egressPrefix: number | undefined;
  /** Networks of the nodes' subnets, a zone each. */
  readonly dataSubnets: readonly string[];
}

type Requested = Pick<Settings["network"], "cidr" | "zones" | "egress">;

export function layoutVpc({ cidr, zones, egress }: Requested): VpcLayout {
  const prefix = prefixOf(cidr);
  const dataPrefix = prefix + DATA_BITS;
  return {
    zonePrefix: prefix + ZONE_BITS,
    dataPrefix,
    egressPrefix: egress === "nat" ? SMALLEST_PREFIX : undefined,
    dataSubnets: Array.from({ length: zones }, (_, zone) => {
      const first = addressOf(cidr) + zone * 2 ** (32 - prefix - ZONE_BITS);
      return `${formatAddress(first)}/${dataPrefix}`;
    }),
  };
}

/** Addresses that nodes may have in one zone of a network with this prefix. */
export function nodeAddresses(vpcPrefix: number): number {
  return 2 ** (32 - vpcPrefix - DATA_BITS) - RESERVED_ADDRESSES - RESERVED_INTERFACES;
}

/**
 * The most nodes that run at once: every cluster at its maximum, on the smallest of its instance types. An EMR cluster
 * lies in one zone, and nothing keeps all of them from choosing the same.
 */
export function largestFleet(clusters: readonly Pick<ClusterSize, "primary" | "core" | "task">[]): number {
  const nodes = ({ maxUnits, types }: FleetSize): number =>
    Math.ceil(maxUnits / Math.min(...types.map(({ weight }) => weight)));
  return clusters.reduce(
    (sum, { primary, core, task }) => sum + nodes(primary) + nodes(core) + (task ? nodes(task) : 0),
    0,
  );
}

/** What is wrong with the network's settings, given the fleets that it must hold. */
export function networkFaults(
  { network, connections, environment, stack }: Settings,
  clusters: readonly Pick<ClusterSize, "primary" | "core" | "task">[],
): Fault[] {
  const where = `Pulumi.${stack}.yaml`;
  const key = "config.basin:network";
  const faults: Fault[] = [];
  const prefix = prefixOf(network.cidr);
  const nodes = largestFleet(clusters);
  const fitting = fittingPrefix(nodes);
  if (prefix < LARGEST_PREFIX || prefix > SMALLEST_PREFIX - DATA_BITS) {
    const allowed = `a prefix from /${LARGEST_PREFIX} to /${SMALLEST_PREFIX - DATA_BITS}`;
    faults.push({
      where,
      key: `${key}.cidr`,
      message: "is not a size that a VPC may have",
      found: network.cidr,
      allowed,
    });
  } else if (nodes > nodeAddresses(prefix)) {
    const message = `has ${Math.max(0, nodeAddresses(prefix))} addresses for nodes in a zone, and the largest fleet has ${nodes} nodes`;
    const allowed =
      fitting === undefined ? `no network of this size; lower config.basin:spark.maxVcpus` : `/${fitting} or larger`;
    faults.push({ where, key: `${key}.cidr`, message, found: network.cidr, allowed });
  }
  faults.push(...routeFaults(network, where, key), ...sourceFaults(network, connections, where));
  if (network.egress === "nat" && environment === "prod") {
    const message = "sends traffic to the internet, which prod never does";
    faults.push({ where, key: `${key}.egress`, message, found: network.egress, allowed: "none" });
  }
  return faults;
}

/** Two networks that overlap have no way between them: the nearer one swallows the other's traffic. */
function routeFaults(network: Settings["network"], where: string, key: string): Fault[] {
  const declared = [
    ...(network.transitGateway?.routes ?? []).map((cidr, index) => ({ key: `transitGateway.routes[${index}]`, cidr })),
    ...network.peering.map(({ cidr }, index) => ({ key: `peering[${index}].cidr`, cidr })),
  ];
  const message = "overlaps with a network that is reached otherwise";
  return declared.flatMap((route, index) => {
    const others = [network.cidr, ...declared.slice(0, index).map(({ cidr }) => cidr)];
    const other = others.find((cidr) => overlap(cidr, route.cidr));
    const allowed = `a network apart from ${other}`;
    return other === undefined ? [] : [{ where, key: `${key}.${route.key}`, message, found: route.cidr, allowed }];
  });
}

/** A source database to whose network no way leads answers nobody. */
function sourceFaults(network: Settings["network"], connections: Settings["connections"], where: string): Fault[] {
  const ways = [network.cidr, ...sourceRoutes(network).map(({ cidr }) => cidr)];
  return Object.entries(connections)
    .filter(([, { cidr }]) => !ways.some((way) => prefixOf(way) <= prefixOf(cidr) && overlap(way, cidr)))
    .map(([name, { cidr }]) => ({
      where,
      key: `config.basin:connections.${name}.cidr`,
      message: "is a network to which no way leads",
      found: cidr,
      allowed: `a part of ${ways.join(", ")}, or of another of network.transitGateway.routes or network.peering`,
    }));
}

function overlap(a: string, b: string): boolean {
  const prefix = Math.min(prefixOf(a), prefixOf(b));
  const block = (cidr: string): number => Math.floor(addressOf(cidr) / 2 ** (32 - prefix));
  return block(a) === block(b);
}

function fittingPrefix(nodes: number): number | undefined {
  for (let prefix = SMALLEST_PREFIX - DATA_BITS; prefix >= LARGEST_PREFIX; prefix -= 1) {
    if (nodeAddresses(prefix) >= nodes) return prefix;
  }
  return undefined;
}

function prefixOf(cidr: string): number {
  return ipaddr.IPv4.parseCIDR(cidr)[1];
}

function addressOf(cidr: string): number {
  return ipaddr.IPv4.parseCIDR(cidr)[0].octets.reduce((address, octet) => address * 256 + octet, 0);
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
