import { CLUSTER_SOURCES, clustersOf, type DeclaredCluster } from "./clusters";
import { list, object, objects, texts } from "../reading";
import type { Finding, Props, Rule, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

const AWSX_VPC = "awsx:ec2:Vpc";
const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Where networks are declared. */
const NETWORKS = [AWSX_VPC, VPC] as const;

type NetworkRule = Pick<Rule, "name" | "group" | "description"> & {
  readonly check: (vpc: Subject, stack: StackView) => Iterable<Finding>;
};

/**
 * A rule about networks, in both of their forms. A plan shows `awsx.ec2.Vpc` as one resource, which is then judged by
 * its specs; the engine shows what it is made of as well, and then only the real VPC is judged.
 */
export function networkRule({ check, ...rule }: NetworkRule): Rule {
  return {
    ...rule,
    enforcement: "mandatory",
    types: NETWORKS,
    scope: "stack",
    *check(vpc, stack) {
      if (vpc.type === AWSX_VPC && partsOf(vpc, stack).length > 0) return;
      yield* check(vpc, stack);
    },
  };
}

/** The real VPC that a component made: it has the component's name, and the component's type in its URN. */
function partsOf(component: Subject, stack: StackView): readonly Subject[] {
  return stack.ofTypes(VPC).filter((vpc) => isPartOf(vpc, component));
}

function isPartOf(vpc: Subject, component: Subject): boolean {
  const [start, name] = splitUrn(component.urn);
  return vpc.urn === `${start}$${VPC}::${name}`;
}

/** `urn:pulumi:stack::project::types::name` → everything up to the name, and the name. */
function splitUrn(urn: string): readonly [start: string, name: string] {
  const at = urn.indexOf("::", urn.indexOf("::", urn.indexOf("::") + 2) + 2);
  return [urn.slice(0, at), urn.slice(at + 2)];
}

/** The subnets of a VPC that are resources of their own. */
export function subnetsOf(vpc: Subject, stack: StackView): readonly Subject[] {
  return stack.referring([SUBNET], "vpcId", vpc);
}

/** The clusters in a network, as far as their values come from it or name its subnets. */
export function clustersIn(vpc: Subject, stack: StackView): readonly DeclaredCluster[] {
  const subnets = subnetsOf(vpc, stack);
  const components = stack.ofTypes(AWSX_VPC).filter((component) => isPartOf(vpc, component));
  const urns = new Set([vpc, ...subnets, ...components].map(({ urn }) => urn));
  const ids = new Set(subnets.flatMap((subnet) => ifKnown(() => texts(subnet.props.id)) ?? []));
  return declaredIn(stack).flatMap(({ subject, clusters }) => {
    const isInside = Object.values(subject.references).some((all) => all.some((urn) => urns.has(urn)));
    if (isInside) return clusters ?? clustersOf(subject);
    return (clusters ?? []).filter(({ request }) => subnetIds(request).some((id) => ids.has(id)));
  });
}

interface Declaration {
  readonly subject: Subject;
  /** Undefined while the definition is not known. */
  readonly clusters: readonly DeclaredCluster[] | undefined;
}

const declarations = new WeakMap<StackView, readonly Declaration[]>();

/** Read once for a stack: a definition is long, and every network asks. */
function declaredIn(stack: StackView): readonly Declaration[] {
  const known =
    declarations.get(stack) ??
    stack.ofTypes(...CLUSTER_SOURCES).map((subject) => ({ subject, clusters: ifKnown(() => clustersOf(subject)) }));
  declarations.set(stack, known);
  return known;
}

function subnetIds(request: Props): readonly string[] {
  const read = (): string[] => {
    const instances = object(request.Instances);
    return [...list(instances.Ec2SubnetIds).flatMap(texts), ...texts(instances.Ec2SubnetId)];
  };
  return ifKnown(read) ?? [];
}

/** Endpoints of a VPC: resources that name it, and those that awsx makes itself. */
export function endpointsOf(vpc: Subject, stack: StackView): readonly Props[] {
  const separate = stack.referring(["aws:ec2/vpcEndpoint:VpcEndpoint"], "vpcId", vpc).map(({ props }) => props);
  return [...separate, ...objects(vpc.props.vpcEndpointSpecs)];
}
