import { clustersIn, endpointsOf, networkRule } from "../models/networks";
import { coversAction, narrows, statementsOf } from "../models/policy-document";
import { sparkProperties } from "../models/spark-properties";
import { list, object, text, texts } from "../reading";
import type { Props, Rule } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown } from "../unknown";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
/** What every cluster in a closed network calls. */
const ALWAYS = ["s3", "kms", "sts", "logs", "monitoring", "elasticmapreduce"] as const;

/** A service without an endpoint is a cluster that hangs where there is no NAT, and leaves the VPC where there is one. */
export const clusterEndpoints = networkRule({
  name: "vpc-endpoints-for-clusters",
  group: "placement",
  description: "A network in which clusters run has endpoints for what they call.",
  *check(vpc, stack) {
    const requests = clustersIn(vpc, stack).map(({ request }) => request);
    if (requests.length === 0) return;
    const present = endpointsOf(vpc, stack).map(({ serviceName }) => text(serviceName)?.split(".").at(-1));
    const missing = servicesOf(requests, stack).filter((service) => !present.includes(service));
    if (missing.length > 0) {
      const fix = `new ec2.VpcEndpoint("x", { vpcId, serviceName: \`com.amazonaws.\${region}.${missing[0] ?? ""}\`, … });`;
      yield { message: "clusters run in the network, and it has no endpoint for what they call", value: missing, fix };
    }
  },
});

function servicesOf(requests: readonly Props[], stack: StackView): readonly string[] {
  const services = new Set<string>(ALWAYS);
  const metastore = "hive.metastore.client.factory.class";
  for (const request of requests) {
    const configurations = list(request.Configurations).map(object);
    if (configurations.some(({ Properties }) => /glue/i.test(text(object(Properties)[metastore]) ?? ""))) {
      services.add("glue");
    }
    const store = text(sparkProperties(request)["spark.delta.logStore.s3.impl"]);
    if (store?.includes("DynamoDB") === true) services.add("dynamodb");
  }
  const reads = (type: string): boolean => stack.ofTypes(type).length > 0;
  if (reads("aws:kinesis/streamConsumer:StreamConsumer")) services.add("kinesis-streams");
  return [...services].sort();
}

export const endpointPolicy: Rule = {
  name: "vpc-endpoint-policy",
  group: "placement",
  description: "An endpoint lets through only the account's own callers, or named resources, and named actions.",
  enforcement: "mandatory",
  types: [ENDPOINT],
  scope: "resource",
  *check({ props }) {
    const fix = 'policy: JSON.stringify({ …, Condition: { StringEquals: { "aws:PrincipalAccount": accountId } } })';
    if (text(props.policy) === undefined && typeof props.policy !== "object") {
      yield { message: "the endpoint lets anybody through, to anybody's data", fix };
      return;
    }
    for (const statement of statementsOf(props.policy)) {
      if (statement.effect !== "Allow") continue;
      const called = `statement ${statement.sid || "without a Sid"}`;
      if (coversAction(statement, "any:Action")) {
        yield { message: `${called} lets every action through`, value: statement.actions, fix };
      }
      const anywhere = statement.resources.includes("*") || statement.notResources.length > 0;
      if (anywhere && !narrows(statement.condition)) {
        yield { message: `${called} lets through to anybody's data`, value: statement.resources, fix };
      }
    }
  },
};

export const endpointZones: Rule = {
  name: "vpc-endpoint-zones",
  group: "resilience",
  description: "An interface endpoint answers in more than one zone.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: [ENDPOINT],
  scope: "resource",
  *check({ props }) {
    if (props.vpcEndpointType !== "Interface") return;
    // Where the list is not known yet its length is not either.
    const subnets = texts(props.subnetIds);
    if (subnets.length < 2) {
      const message = "a zone's failure cuts the network off from the service";
      yield { message, value: subnets, fix: "subnetIds: vpc.isolatedSubnetIds" };
    }
  },
};

/** Whether an endpoint is attached to anything: without that it is paid for, and reached by nobody. */
export const endpointAttached: Rule = {
  name: "vpc-endpoint-attached",
  group: "placement",
  description: "A gateway endpoint has route tables, an interface endpoint subnets and security groups of its own.",
  enforcement: "mandatory",
  types: [ENDPOINT],
  scope: "resource",
  *check({ props }) {
    const isInterface = props.vpcEndpointType === "Interface";
    const needed = isInterface ? ["subnetIds", "securityGroupIds"] : ["routeTableIds"];
    for (const property of needed) {
      if (ifKnown(() => list(props[property]).length > 0) ?? true) continue;
      yield { message: `nothing reaches the endpoint: it has no ${property}`, fix: `${property}: [ … ]` };
    }
  },
};
