import type { ClusterReferences } from "../components/spark-cluster/recipe";

/** What only a deployment knows of a cluster's surroundings. */
export const CLUSTER_REFERENCES: ClusterReferences = {
  subnetIds: ["subnet-1"],
  primaryGroupId: "sg-1",
  coreGroupId: "sg-2",
  serviceAccessGroupId: "sg-3",
  serviceRole: "arn:aws:iam::111122223333:role/service",
  instanceProfile: "nodes",
  securityConfiguration: "security",
  logsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/logs",
};
