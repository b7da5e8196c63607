import { fixtures as accessBuckets } from "../access/buckets.fixtures";
import { fixtures as accessClusters } from "../access/clusters.fixtures";
import { fixtures as accessIdentityPolicies } from "../access/identity-policies.fixtures";
import { fixtures as accessLakeFormation } from "../access/lake-formation.fixtures";
import { fixtures as accessMigration } from "../access/migration.fixtures";
import { fixtures as accessResourcePolicies } from "../access/resource-policies.fixtures";
import { fixtures as accessTrust } from "../access/trust.fixtures";
import { fixtures as costAllocationTags } from "../cost/allocation-tags.fixtures";
import { fixtures as costBudget } from "../cost/budget.fixtures";
import { fixtures as costClusterTags } from "../cost/cluster-tags.fixtures";
import { fixtures as costRules } from "../cost/rules.fixtures";
import { fixtures as encryptionBucket } from "../encryption/bucket.fixtures";
import { fixtures as encryptionCatalog } from "../encryption/catalog.fixtures";
import { fixtures as encryptionCluster } from "../encryption/cluster.fixtures";
import { fixtures as encryptionCompute } from "../encryption/compute.fixtures";
import { fixtures as encryptionDatabases } from "../encryption/databases.fixtures";
import { fixtures as encryptionEmrConfiguration } from "../encryption/emr-configuration.fixtures";
import { fixtures as encryptionKeys } from "../encryption/keys.fixtures";
import { fixtures as encryptionMessages } from "../encryption/messages.fixtures";
import { fixtures as encryptionStreams } from "../encryption/streams.fixtures";
import { fixtures as encryptionTransport } from "../encryption/transport.fixtures";
import { fixtures as lakeAgreement } from "../lake/agreement.fixtures";
import { fixtures as lakeArchive } from "../lake/archive.fixtures";
import { fixtures as lakeDelta } from "../lake/delta.fixtures";
import { fixtures as lakeMigration } from "../lake/migration.fixtures";
import { fixtures as placementClusterSubnets } from "../placement/cluster-subnets.fixtures";
import { fixtures as placementClusters } from "../placement/clusters.fixtures";
import { fixtures as placementEndpoints } from "../placement/endpoints.fixtures";
import { fixtures as placementNetwork } from "../placement/network.fixtures";
import { fixtures as placementSecurityGroups } from "../placement/security-groups.fixtures";
import { fixtures as resilienceBuckets } from "../resilience/buckets.fixtures";
import { fixtures as resilienceClusters } from "../resilience/clusters.fixtures";
import { fixtures as resilienceDatabases } from "../resilience/databases.fixtures";
import { fixtures as resilienceFunctions } from "../resilience/functions.fixtures";
import { fixtures as resilienceGlue } from "../resilience/glue.fixtures";
import { fixtures as resilienceState } from "../resilience/state.fixtures";
import { fixtures as resilienceStreams } from "../resilience/streams.fixtures";
import { fixtures as resilienceWatching } from "../resilience/watching.fixtures";
import type { Fixtures } from "./fixtures";

/** The fixtures beside every module of rules. */
export const ALL_FIXTURES: readonly Fixtures[] = [
  ...accessBuckets,
  ...accessClusters,
  ...accessIdentityPolicies,
  ...accessLakeFormation,
  ...accessMigration,
  ...accessResourcePolicies,
  ...accessTrust,
  ...costAllocationTags,
  ...costBudget,
  ...costClusterTags,
  ...costRules,
  ...encryptionBucket,
  ...encryptionCatalog,
  ...encryptionCluster,
  ...encryptionCompute,
  ...encryptionDatabases,
  ...encryptionEmrConfiguration,
  ...encryptionKeys,
  ...encryptionMessages,
  ...encryptionStreams,
  ...encryptionTransport,
  ...lakeAgreement,
  ...lakeArchive,
  ...lakeDelta,
  ...lakeMigration,
  ...placementClusterSubnets,
  ...placementClusters,
  ...placementEndpoints,
  ...placementNetwork,
  ...placementSecurityGroups,
  ...resilienceBuckets,
  ...resilienceClusters,
  ...resilienceDatabases,
  ...resilienceFunctions,
  ...resilienceGlue,
  ...resilienceState,
  ...resilienceStreams,
  ...resilienceWatching,
];
