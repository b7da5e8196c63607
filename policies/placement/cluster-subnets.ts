import { clusterRule } from "../cluster-rule";
import { CLUSTER_TYPE, type DeclaredCluster } from "../models/clusters";
import { exposureById, possibleExposures } from "../models/subnets";
import { list, object, texts } from "../reading";
import type { Finding, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { isUnknownValue, UnknownValue } from "../unknown";

const FIX = "ec2Attributes: { subnetIds: vpc.isolatedSubnetIds, … }";
const PUBLIC = "runs in a public subnet, where its nodes get addresses of the internet";

/** A cluster reads the whole lake: nobody outside the VPC may ever reach one of its nodes. */
export const clusterPlacement = clusterRule({
  name: "emr-cluster-placement",
  group: "placement",
  description: "A cluster, wherever it is declared, runs in subnets without a way in from the internet.",
  check: checkSubnets,
});

function* checkSubnets(cluster: DeclaredCluster, subject: Subject, stack: StackView): Iterable<Finding> {
  const ids = subnetIds(cluster, subject, stack);
  if (ids === "elsewhere") return;
  if (ids === "public") {
    yield { message: `${cluster.called} ${PUBLIC}`, fix: FIX };
    return;
  }
  if (ids.length === 0) {
    yield { message: `${cluster.called} names no subnet, so it starts in the default VPC, which is public`, fix: FIX };
    return;
  }
  const exposure = exposureById(stack);
  const open = ids.filter((id) => exposure.get(id) === "public");
  if (open.length > 0) {
    yield { message: `${cluster.called} ${PUBLIC}`, value: open, fix: FIX };
  }
  const foreign = ids.find((id) => !exposure.has(id));
  if (foreign !== undefined) {
    throw new UnknownValue(`the route table of ${foreign}`, "ec2Attributes: { …, subnetIds: vpc.isolatedSubnetIds }");
  }
}

/**
 * The subnets' ids. While a deployment has yet to make them, it is enough that every subnet they can come from is
 * closed, or that every one is public; what an execution brings along can come from anywhere.
 */
function subnetIds(
  cluster: DeclaredCluster,
  subject: Subject,
  stack: StackView,
): readonly string[] | "elsewhere" | "public" {
  try {
    const instances = object(cluster.request.Instances);
    return [...list(instances.Ec2SubnetIds).flatMap(texts), ...texts(instances.Ec2SubnetId)];
  } catch (error) {
    if (!isUnknownValue(error) || subject.type !== CLUSTER_TYPE) throw error;
    const possible = possibleExposures(subject, stack);
    if (possible.has("public") && possible.size === 1) return "public";
    if (possible.size === 0 || possible.has("public")) throw error;
    return "elsewhere";
  }
}
