import { clusterFixtures } from "../testing/cluster-fixtures";
import { fleet, request, type Request } from "../testing/cluster-forms";
import type { Rule } from "../rule";
import { together, type Fixtures } from "../testing/fixtures";
import * as rules from "./clusters";

const fleets = (...InstanceFleets: Request[]): Request => request({}, { InstanceFleets });
const primary = fleet("MASTER", 1, 0);
const core = fleet("CORE", 2, 0);
const task = (changes: Request): Request => fleets(primary, core, fleet("TASK", 0, 10, changes));
const spot = (changes: Request): Request => ({
  LaunchSpecifications: {
    SpotSpecification: {
      AllocationStrategy: "price-capacity-optimized",
      TimeoutAction: "SWITCH_TO_ON_DEMAND",
      ...changes,
    },
  },
});
const groups = (Market: string): Request =>
  request(
    {},
    {
      InstanceFleets: undefined,
      InstanceGroups: [
        { InstanceRole: "MASTER", InstanceCount: 1, Market, BidPrice: Market === "SPOT" ? "1" : undefined },
        { InstanceRole: "CORE", InstanceCount: 2, Market: "ON_DEMAND" },
        { InstanceRole: "TASK", InstanceCount: 2, Market, BidPrice: Market === "SPOT" ? "1" : undefined },
      ],
    },
  );
const limits = (core_: unknown, onDemand: unknown): Request =>
  request({
    ManagedScalingPolicy: {
      ComputeLimits: { MaximumCoreCapacityUnits: core_, MaximumOnDemandCapacityUnits: onDemand },
    },
  });
const onSpot = (cluster: string): string => `managed scaling may put core nodes of ${cluster} on Spot`;
const endless = (cluster: string): string =>
  `${cluster} neither ends when it is idle nor is protected from being ended`;
const gone = (cluster: string): string => `the logs of ${cluster} are gone with it`;

const onPrimary = clusterFixtures(
  rules.primaryOnDemand,
  { "on demand": request(), "a group on demand": groups("ON_DEMAND") },
  {
    "none at all": [fleets(core), (cluster) => `${cluster} has no primary node on demand`],
  },
);

export const fixtures: readonly Fixtures[] = [
  together(
    onPrimary,
    several(rules.primaryOnDemand, "one more on Spot", fleets(fleet("MASTER", 1, 1), core), [
      "{} has primary nodes on Spot: an interruption ends the whole cluster",
    ]),
    several(rules.primaryOnDemand, "a group with a bid", groups("SPOT"), [
      "{} has primary nodes on Spot: an interruption ends the whole cluster",
      "{} has no primary node on demand",
    ]),
  ),
  clusterFixtures(
    rules.coreOnDemand,
    { "on demand": request() },
    {
      "on demand and Spot": [
        fleets(primary, fleet("CORE", 2, 3)),
        (cluster) => `${cluster} has core nodes on Spot: an interruption takes data and drivers with it`,
      ],
      "no core": [fleets(primary), (cluster) => `${cluster} has no core node on demand`],
    },
  ),
  clusterFixtures(
    rules.spotFleet,
    { "ten types": request(), "no Spot": fleets(primary, core, fleet("TASK", 10, 0, { InstanceTypeConfigs: [] })) },
    {
      "three types": [
        task({ InstanceTypeConfigs: [{}, {}, {}] }),
        (cluster) => `${cluster} has too few instance types to find Spot capacity`,
      ],
      "the cheapest pools": [
        task(spot({ AllocationStrategy: "lowest-price" })),
        (cluster) => `${cluster} does not take Spot nodes from the deepest pools`,
      ],
      "no way back": [
        task(spot({ TimeoutAction: "TERMINATE_CLUSTER" })),
        (cluster) => `${cluster} fails when there is no Spot capacity`,
      ],
      "a group": [
        groups("SPOT"),
        (cluster) => `${cluster} has Spot nodes in an instance group, which has one type and no way back`,
      ],
    },
  ),
  clusterFixtures(
    rules.managedScaling,
    { "equal limits": request(), "no task fleet": fleets(primary, core) },
    {
      "no policy": [
        request({ ManagedScalingPolicy: undefined }),
        (cluster) => `${cluster} keeps its task nodes when nobody needs them: it has no managed scaling`,
      ],
      "no core limit": [limits(undefined, 2), onSpot],
      "no limit of on demand": [limits(2, undefined), onSpot],
      "a core that may grow on Spot": [limits(10, 2), onSpot],
      "a core of nothing": [limits(0, 0), onSpot],
    },
  ),
  clusterFixtures(
    rules.clusterTermination,
    {
      "an idle time": request(),
      "a standing cluster": request({ AutoTerminationPolicy: undefined }, { TerminationProtected: true }),
      "one that ends with its steps": request(
        { AutoTerminationPolicy: undefined },
        { KeepJobFlowAliveWhenNoSteps: false },
      ),
    },
    {
      neither: [request({ AutoTerminationPolicy: undefined }), endless],
      "an idle time of nothing": [request({ AutoTerminationPolicy: {} }), endless],
      "an idle time that EMR refuses": [
        request({ AutoTerminationPolicy: { IdleTimeout: 30 } }),
        (cluster) => `${cluster} has an idle time that EMR refuses (60 s to 7 days)`,
      ],
    },
  ),
  clusterFixtures(
    rules.clusterLogs,
    { "a bucket": request() },
    { none: [request({ LogUri: undefined }), gone], "no address": [request({ LogUri: "logs/" }), gone] },
  ),
];

/** A cluster of which the rule has several things to say, in both forms. */
function several(rule: Rule, name: string, cluster: Request, messages: readonly string[]): Fixtures {
  const { failing, passing } = clusterFixtures(rule, {}, { [name]: [cluster, (called) => called] });
  const told = Object.entries(failing).map(([key, { stack, violations }]) => {
    const lines = Object.entries(violations).map(([on, called]) => [
      on,
      messages.map((message) => message.replace("{}", String(called))),
    ]);
    return [key, { stack, violations: Object.fromEntries(lines) as Record<string, string[]> }] as const;
  });
  return { rule, passing, failing: Object.fromEntries(told) };
}
