import * as accessBuckets from "./access/buckets";
import * as accessClusters from "./access/clusters";
import * as identityPolicies from "./access/identity-policies";
import * as lakeFormation from "./access/lake-formation";
import * as accessMigration from "./access/migration";
import * as resourcePolicies from "./access/resource-policies";
import * as trust from "./access/trust";
import * as allocationTags from "./cost/allocation-tags";
import * as budget from "./cost/budget";
import * as clusterCost from "./cost/cluster-tags";
import * as cost from "./cost/rules";
import * as bucketEncryption from "./encryption/bucket";
import * as catalogEncryption from "./encryption/catalog";
import * as clusterEncryption from "./encryption/cluster";
import * as computeEncryption from "./encryption/compute";
import * as databaseEncryption from "./encryption/databases";
import * as emrConfiguration from "./encryption/emr-configuration";
import * as keys from "./encryption/keys";
import * as messageEncryption from "./encryption/messages";
import * as streamEncryption from "./encryption/streams";
import * as transport from "./encryption/transport";
import * as agreement from "./lake/agreement";
import * as archive from "./lake/archive";
import * as delta from "./lake/delta";
import * as migration from "./lake/migration";
import * as clusterSubnets from "./placement/cluster-subnets";
import * as clusterPlacement from "./placement/clusters";
import * as endpoints from "./placement/endpoints";
import * as network from "./placement/network";
import * as securityGroups from "./placement/security-groups";
import * as bucketResilience from "./resilience/buckets";
import * as clusterResilience from "./resilience/clusters";
import * as databaseResilience from "./resilience/databases";
import * as functions from "./resilience/functions";
import * as glue from "./resilience/glue";
import * as state from "./resilience/state";
import * as streamResilience from "./resilience/streams";
import * as watching from "./resilience/watching";
import { GROUPS, type Rule } from "./rule";

/** Every module of rules: each of its exports that is a rule belongs to the pack. */
const MODULES: readonly Readonly<Record<string, unknown>>[] = [
  accessBuckets,
  accessClusters,
  accessMigration,
  agreement,
  allocationTags,
  archive,
  bucketEncryption,
  bucketResilience,
  budget,
  catalogEncryption,
  clusterCost,
  clusterEncryption,
  clusterPlacement,
  clusterResilience,
  clusterSubnets,
  computeEncryption,
  cost,
  databaseEncryption,
  databaseResilience,
  delta,
  emrConfiguration,
  endpoints,
  functions,
  glue,
  identityPolicies,
  keys,
  lakeFormation,
  messageEncryption,
  migration,
  network,
  resourcePolicies,
  securityGroups,
  state,
  streamEncryption,
  streamResilience,
  transport,
  trust,
  watching,
];

/** The whole pack: by group, then by name. */
export const RULES: readonly Rule[] = MODULES.flatMap((module) => Object.values(module).filter(isRule)).sort(
  (a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || (a.name < b.name ? -1 : 1),
);

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "check" in value && "enforcement" in value;
}
