import type { Subject } from "../rule";
import { asState, request, type Request } from "../testing/cluster-forms";
import { asEngineShows } from "../testing/networks";
import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./endpoints";

const vpc = subject("awsx:ec2:Vpc", "it", { vpcId: "vpc-1" });
const endpoint = (service: string): Subject =>
  subject("aws:ec2/vpcEndpoint:VpcEndpoint", service, {
    vpcId: "vpc-1",
    serviceName: `com.amazonaws.us-east-1.${service}`,
  });
const always = ["elasticmapreduce", "kms", "logs", "monitoring", "s3", "sts"].map(endpoint);
const cluster = (changes: Request = {}): Subject => asState(request(changes), { references: { definition: ["it"] } });
const withGlue = cluster({
  Configurations: [
    {
      Classification: "spark-hive-site",
      Properties: { "hive.metastore.client.factory.class": "com.amazonaws.glue.catalog.metastore.Factory" },
    },
    {
      Classification: "spark-defaults",
      Properties: { "spark.delta.logStore.s3.impl": "io.delta.storage.S3DynamoDBLogStore" },
    },
  ],
});
/** A cluster in a subnet that is a resource of its own. */
const inSubnet = (vpcId: string): readonly Subject[] => [
  subject("aws:ec2/subnet:Subnet", "subnet", { id: "subnet-1", vpcId }),
  asState(request()),
];
const { component, real: shownVpc } = asEngineShows({ vpcId: "vpc-1", id: "vpc-1" });
const shown = [component, shownVpc];
const inComponent = asState(request(), { references: { definition: [component.urn] } });
const MISSING = "clusters run in the network, and it has no endpoint for what they call";

const policy = (statement: Record<string, unknown>): Record<string, unknown> => ({
  policy: JSON.stringify({
    Statement: [
      { Sid: "Through", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", ...statement },
    ],
  }),
});
const OWN = { StringEquals: { "aws:PrincipalAccount": "111122223333" } };

export const fixtures: readonly Fixtures[] = [
  together(
    stacks(rules.clusterEndpoints, MISSING, {
      passing: {
        "all of them": [vpc, cluster(), ...always],
        "Glue and DynamoDB where the cluster uses them": [
          vpc,
          withGlue,
          ...always,
          endpoint("glue"),
          endpoint("dynamodb"),
        ],
        "no cluster": [vpc],
        "a cluster in another network's subnets": [vpc, ...inSubnet("vpc-2")],
        "what the engine shows of awsx, with all of them": [...shown, inComponent, ...always],
      },
      failing: {
        "none at all": [vpc, cluster()],
        "all but KMS": [vpc, cluster(), ...always.filter(({ name }) => name !== "kms")],
        "no Glue": [vpc, withGlue, ...always, endpoint("dynamodb")],
        "no DynamoDB": [vpc, withGlue, ...always, endpoint("glue")],
        "a cluster in a subnet of the VPC, by its id": [vpc, ...inSubnet("vpc-1")],
        "no Kinesis for a consumer": [
          vpc,
          cluster(),
          ...always,
          subject("aws:kinesis/streamConsumer:StreamConsumer", "consumer", {}),
        ],
      },
    }),
    {
      rule: rules.clusterEndpoints,
      passing: {},
      failing: {
        "the real VPC of a component, which is told once": {
          stack: [...shown, inComponent],
          violations: { [shownVpc.urn]: MISSING },
        },
      },
    },
  ),
  together(
    shapes(rules.endpointPolicy, "statement Through lets through to anybody's data", {
      passing: {
        "own callers": policy({ Condition: OWN }),
        "own buckets": policy({ Resource: "arn:aws:s3:::lake/*" }),
      },
      failing: { "any bucket": policy({}), "any bucket but": policy({ Resource: undefined, NotResource: "arn:x" }) },
    }),
    shapes(rules.endpointPolicy, "statement Through lets every action through", {
      passing: {},
      failing: { "any action": policy({ Action: "*", Condition: OWN }) },
    }),
    shapes(rules.endpointPolicy, "the endpoint lets anybody through, to anybody's data", {
      passing: {},
      failing: { nothing: {} },
    }),
  ),
  shapes(rules.endpointZones, "a zone's failure cuts the network off from the service", {
    passing: {
      two: { vpcEndpointType: "Interface", subnetIds: ["a", "b"] },
      "a gateway": { vpcEndpointType: "Gateway" },
    },
    failing: { one: { vpcEndpointType: "Interface", subnetIds: ["a"] } },
  }),
  together(
    shapes(rules.endpointAttached, "nothing reaches the endpoint: it has no routeTableIds", {
      passing: {
        "a gateway": { routeTableIds: ["rtb-1"] },
        "an interface": { vpcEndpointType: "Interface", subnetIds: ["a"], securityGroupIds: ["sg-1"] },
      },
      failing: { "no route table": { vpcEndpointType: "Gateway", routeTableIds: [] } },
    }),
    shapes(rules.endpointAttached, "nothing reaches the endpoint: it has no securityGroupIds", {
      passing: {},
      failing: { "no group": { vpcEndpointType: "Interface", subnetIds: ["a"] } },
    }),
  ),
];
