/** Groups that EMR is given (all but the last), and that of the interface endpoints. */
export type GroupRole = "primary" | "core" | "serviceAccess" | "endpoints";

/** The groups' descriptions. EC2 takes only ASCII letters, digits and some signs in one. */
export const GROUP_DESCRIPTIONS: Readonly<Record<GroupRole, string>> = {
  primary: "Primary nodes of EMR clusters",
  core: "Core and task nodes of EMR clusters",
  serviceAccess: "EMR itself, which manages private nodes from here",
  endpoints: "Interface endpoints of AWS services",
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

/**
 * Every way in and out. Nothing is open to the world in either direction, except where a NAT gateway was chosen.
 * DNS, time and instance metadata need no rule: security groups do not filter the VPC's own services.
 */
export function securityRules(egress: "none" | "nat"): SecurityRule[] {
  return [...betweenNodes(), ...serviceAccess(), ...toServices(), ...(egress === "nat" ? toTheInternet() : [])];
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

function toServices(): SecurityRule[] {
  const https = { protocol: "tcp", ports: HTTPS } as const;
  return NODES.flatMap((group): SecurityRule[] => [
    {
      id: `${group}-to-endpoints`,
      group,
      direction: "egress",
      peer: { group: "endpoints" },
      ...https,
      description: "AWS services by their interface endpoints",
    },
    {
      id: `endpoints-from-${group}`,
      group: "endpoints",
      direction: "ingress",
      peer: { group },
      ...https,
      description: `Calls of ${group} nodes`,
    },
    ...(["s3", "dynamodb"] as const).map((prefixList): SecurityRule => ({
      id: `${group}-to-${prefixList}`,
      group,
      direction: "egress",
      peer: { prefixList },
      ...https,
      description: `${prefixList} by its gateway endpoint`,
    })),
  ]);
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
