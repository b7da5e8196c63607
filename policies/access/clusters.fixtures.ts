import { clusterFixtures } from "../testing/cluster-fixtures";
import { asState, request } from "../testing/cluster-forms";
import { shapes, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import { clusterIsolation, clusterPublicAccess, clusterSshKey } from "./clusters";

const runtimeRoles = subject("aws:emr/securityConfiguration:SecurityConfiguration", "configuration", {
  name: "secure",
  configuration: JSON.stringify({
    AuthorizationConfiguration: { IAMConfiguration: { EnableApplicationScopedIAMRole: true } },
  }),
});
const shared = subject("aws:emr/securityConfiguration:SecurityConfiguration", "configuration", {
  name: "secure",
  configuration: "{}",
});
const two = [asState(request(), { name: "one" }), asState(request(), { name: "two" })];
const ELSEWHERE = "undecided: the security configuration secure of another stack is not known before the deployment";
const alone = clusterFixtures(
  clusterIsolation,
  { "a profile of its own": request() },
  { "no profile": [request({ JobFlowRole: undefined }), (cluster) => `${cluster} has no instance profile of its own`] },
);

export const fixtures: readonly Fixtures[] = [
  clusterFixtures(
    clusterSshKey,
    { "no key": request() },
    {
      "a key pair": [
        request({}, { Ec2KeyName: "mine" }),
        (cluster) => `whoever holds a key pair gets into the nodes of ${cluster}`,
      ],
    },
  ),
  together(alone, {
    rule: clusterIsolation,
    passing: {
      "two with different profiles": [two[0], asState(request({ JobFlowRole: "others" }), { name: "two" })].flatMap(
        (each) => each ?? [],
      ),
      "two whose steps have roles": [...two, runtimeRoles],
      "two state machines under one role": ["one", "two"].map((name) =>
        asState(request(), { name, props: { roleArn: "arn:aws:iam::111122223333:role/operations" } }),
      ),
    },
    failing: {
      "two with one profile": {
        stack: [...two, shared],
        violations: {
          one: "the cluster of state Create shares its instance profile with two",
          two: "the cluster of state Create shares its instance profile with one",
        },
      },
    },
    undecided: {
      "two with one profile, under a configuration of another stack": {
        stack: two,
        violations: { one: ELSEWHERE, two: ELSEWHERE },
      },
    },
  }),
  together(
    shapes(clusterPublicAccess, "EMR accepts clusters that are open to the world", {
      passing: { blocked: { blockPublicSecurityGroupRules: true, permittedPublicSecurityGroupRuleRanges: [] } },
      failing: { off: { blockPublicSecurityGroupRules: false }, nothing: {} },
    }),
    shapes(clusterPublicAccess, "some ports of a cluster may be open to the world", {
      passing: {},
      failing: {
        "a port": { blockPublicSecurityGroupRules: true, permittedPublicSecurityGroupRuleRanges: [{ minRange: 22 }] },
      },
    }),
  ),
];
