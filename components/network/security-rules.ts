/** Groups that EMR is given, that of the interface endpoints, and that of database migrations. */
export type GroupRole = "primary" | "core" | "serviceAccess" | "endpoints" | "migration";

/** The groups' descriptions. EC2 takes only ASCII letters, digits and some signs in one. */
export const GROUP_DESCRIPTIONS: Readonly<Record<GroupRole, string>> = {
  primary: "Primary nodes of EMR clusters",
  core: "Core and task nodes of EMR clusters",
  serviceAccess: "EMR itself, which manages private nodes from here",
  endpoints: "Interface endpoints of AWS services",
  migration: "DMS, which reads the declared source databases",
};

/** The other end of a rule: a group, an AWS service's prefix list, or a network. */
export type Peer =
  { readonly group: GroupRole } | { readonly prefixList: "s3" | "dynamodb" } | { readonly cidr: string };

export interface SecurityRule {
  /** Identity of the rule in the state: never made from a setting. */
  readonly id: string;
  readonly group: GroupRole;
  readonly direction: "ingress" | "egress";
  readonly peer: Peer;
  /** `-1` is every protocol. */
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  readonly ports?: readonly [from: number, to: number];
  readonly description: string;
}

const NODES = ["primary", "core"] as const;
const HTTPS = [443, 443] as const;

/** A source database: where it answers. */
export interface Source {
  readonly cidr: string;
  readonly port: number;
}

/**
 * Every way in and out. Nothing is open to the world in either direction, except where a NAT gateway was chosen; only
 * DMS reaches a source database, and only those that are declared. Without one the group `migration` has no rule.
 * DNS, time and instance metadata need no rule: security groups do not filter the VPC's own services.
 */
export function securityRules(egress: "none" | "nat", sources: Readonly<Record<string, Source>> = {}): SecurityRule[] {
  return [
    ...betweenNodes(),
    ...serviceAccess(),
    ...NODES.flatMap((group) => [...toEndpoints(group, `${group} nodes`), toGateway(group, "s3")]),
    ...NODES.map((group) => toGateway(group, "dynamodb")),
    ...(egress === "nat" ? toTheInternet() : []),
    ...toSources(sources),
  ];
}

/** EMR adds these inbound rules itself, one a protocol, wherever they are missing: declared alike, it finds them. */
function betweenNodes(): SecurityRule[] {
  const protocols = [
    { protocol: "tcp", ports: [0, 65_535] },
    { protocol: "udp", ports: [0, 65_535] },
    { protocol: "icmp", ports: [-1, -1] },
  ] as const;
  return NODES.flatMap((group) =>
    NODES.flatMap((other): SecurityRule[] => [
      ...protocols.map(({ protocol, ports }): SecurityRule => ({
        id: `${group}-from-${other}-${protocol}`,
        group,
        direction: "ingress",
        peer: { group: other },
        protocol,
        ports,
        description: `${protocol} within the cluster, from ${other} nodes`,
      })),
      {
        id: `${group}-to-${other}`,
        group,
        direction: "egress",
        peer: { group: other },
        protocol: "-1",
        description: `Within the cluster, to ${other} nodes`,
      },
    ]),
  );
}

function serviceAccess(): SecurityRule[] {
  const tcp = { protocol: "tcp" } as const;
  const fromNodes = { ...tcp, ports: [9443, 9443] } as const;
  const toNodes = { ...tcp, ports: [8443, 8443] } as const;
  return [
    {
      id: "service-access-from-primary",
      group: "serviceAccess",
      direction: "ingress",
      peer: { group: "primary" },
      ...fromNodes,
      description: "Primary nodes report to EMR",
    },
    {
      id: "primary-to-service-access",
      group: "primary",
      direction: "egress",
      peer: { group: "serviceAccess" },
      ...fromNodes,
      description: "Primary nodes report to EMR",
    },
    ...NODES.flatMap((group): SecurityRule[] => [
      {
        id: `service-access-to-${group}`,
        group: "serviceAccess",
        direction: "egress",
        peer: { group },
        ...toNodes,
        description: `EMR manages ${group} nodes`,
      },
      {
        id: `${group}-from-service-access`,
        group,
        direction: "ingress",
        peer: { group: "serviceAccess" },
        ...toNodes,
        description: `EMR manages ${group} nodes`,
      },
    ]),
  ];
}

function toEndpoints(group: GroupRole, who: string): SecurityRule[] {
  const https = { protocol: "tcp", ports: HTTPS } as const;
  const description = "AWS services by their interface endpoints";
  return [
    { id: `${group}-to-endpoints`, group, direction: "egress", peer: { group: "endpoints" }, ...https, description },
    {
      id: `endpoints-from-${group}`,
      group: "endpoints",
      direction: "ingress",
      peer: { group },
      ...https,
      description: `Calls of ${who}`,
    },
  ];
}

function toGateway(group: GroupRole, prefixList: "s3" | "dynamodb"): SecurityRule {
  return {
    id: `${group}-to-${prefixList}`,
    group,
    direction: "egress",
    peer: { prefixList },
    protocol: "tcp",
    ports: HTTPS,
    description: `${prefixList} by its gateway endpoint`,
  };
}

/** A connection's name is its identity: another network or port of it is a rule changed, not another rule. */
function toSources(sources: Readonly<Record<string, Source>>): SecurityRule[] {
  const group = "migration";
  const reached = Object.entries(sources).map(([name, { cidr, port }]): SecurityRule => ({
    id: `${group}-to-source-${name}`,
    group,
    direction: "egress",
    peer: { cidr },
    protocol: "tcp",
    ports: [port, port],
    description: `Source database ${name}`,
  }));
  return reached.length === 0 ? [] : [...toEndpoints(group, "DMS"), toGateway(group, "s3"), ...reached];
}

function toTheInternet(): SecurityRule[] {
  return NODES.map((group) => ({
    id: `${group}-to-internet`,
    group,
    direction: "egress",
    peer: { cidr: "0.0.0.0/0" },
    protocol: "tcp",
    ports: HTTPS,
    description: "The internet by the NAT gateway that this stack has chosen",
  }));
}
