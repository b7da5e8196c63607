import { objects, text, texts } from "../reading";
import type { Props, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

/** How a subnet reaches the internet: not at all, through a NAT gateway, or both ways through an internet gateway. */
export type Exposure = "isolated" | "private" | "public";

const AWSX_VPC = "awsx:ec2:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROUTE = "aws:ec2/route:Route";
const ROUTE_TABLES = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"];
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const EXPOSURES: readonly Exposure[] = ["isolated", "private", "public"];
/** What awsx makes when no spec is given: a public and a private subnet in each zone. */
const AWSX_DEFAULT: readonly Exposure[] = ["public", "private"];

const exposures = new WeakMap<StackView, ReadonlyMap<string, Exposure>>();

/** The exposure of each subnet whose id is known, by id. */
export function exposureById(stack: StackView): ReadonlyMap<string, Exposure> {
  const known = exposures.get(stack) ?? findExposures(stack);
  exposures.set(stack, known);
  return known;
}

function findExposures(stack: StackView): ReadonlyMap<string, Exposure> {
  const known = new Map<string, Exposure>();
  for (const vpc of stack.ofTypes(AWSX_VPC)) {
    for (const exposure of EXPOSURES) {
      ifKnown(() => texts(vpc.props[`${exposure}SubnetIds`]))?.forEach((id) => known.set(id, exposure));
    }
  }
  for (const subnet of stack.ofTypes(SUBNET)) {
    const id = ifKnown(() => text(subnet.props.id));
    if (id !== undefined) known.set(id, exposureOf(subnet, stack));
  }
  return known;
}

/** The exposures that a resource's subnets can have, by where its values come from: for ids that are not known yet. */
export function possibleExposures(subject: Subject, stack: StackView): ReadonlySet<Exposure> {
  const sources = Object.keys(subject.references).flatMap((property) => stack.behind(subject, property));
  const subnets = sources.filter(({ type }) => type === SUBNET).map((subnet) => exposureOf(subnet, stack));
  // A component's own subnets are among the sources too where the engine shows them: they say more than its specs.
  if (subnets.length > 0) return new Set(subnets);
  return new Set(sources.filter(({ type }) => type === AWSX_VPC).flatMap(({ props }) => specified(props)));
}

function specified(vpc: Props): readonly Exposure[] {
  if (vpc.subnetSpecs === undefined) return AWSX_DEFAULT;
  return objects(vpc.subnetSpecs).flatMap(({ type }) => {
    const exposure = text(type)?.toLowerCase();
    return EXPOSURES.filter((each) => each === exposure);
  });
}

function exposureOf(subnet: Subject, stack: StackView): Exposure {
  if (subnet.props.mapPublicIpOnLaunch === true) return "public";
  const tables = stack
    .referring([ASSOCIATION], "subnetId", subnet)
    .flatMap((association) => tablesOf(association, stack));
  const routes = tables.flatMap((table) => [
    ...objects(table.props.routes),
    ...stack.referring([ROUTE], "routeTableId", table).map(({ props }) => props),
  ]);
  if (routes.some((route) => leadsTo(route, "gatewayId", "igw-"))) return "public";
  return routes.some((route) => leadsTo(route, "natGatewayId", "")) ? "private" : "isolated";
}

function tablesOf(association: Subject, stack: StackView): readonly Subject[] {
  const behind = stack.behind(association, "routeTableId");
  if (behind.length > 0) return behind;
  const id = ifKnown(() => text(association.props.routeTableId));
  return stack.ofTypes(...ROUTE_TABLES).filter((table) => id !== undefined && ifKnown(() => table.props.id) === id);
}

/** Whether a route goes through such a gateway; one that is made in this deployment has no id yet, and counts. */
function leadsTo(route: Props, property: string, idPrefix: string): boolean {
  const id = ifKnown(() => text(route[property]) ?? "");
  return id === undefined || (id !== "" && id.startsWith(idPrefix));
}
