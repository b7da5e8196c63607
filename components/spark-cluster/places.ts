import type { Names } from "../names";

/** Where a cluster's files lie. Prefixes end with a slash; none begins with one. */
export const EVENT_LOG_PREFIX = "spark-events/";
export const CLUSTER_LOG_PREFIX = "emr/";
const CERTIFICATE_PREFIX = "certificates/";

/** Last part of the name of the role of a cluster's nodes. */
export function nodesRole(cluster: string): string {
  return `emr-nodes-${cluster}`;
}

export function eventLogKey(cluster: string): string {
  return `${EVENT_LOG_PREFIX}${cluster}/`;
}

/** Spark refuses to start when its event log has no directory, and S3 has one only where an object lies. */
export function eventLogMarkerKey(cluster: string): string {
  return `${eventLogKey(cluster)}.keep`;
}

export function clusterLogKey(cluster: string): string {
  return `${CLUSTER_LOG_PREFIX}${cluster}/`;
}

/** A certificate of a number of its own has a key of its own: running clusters keep the one that they started with. */
export function certificateKey(cluster: string, certificate: number): string {
  return `${CERTIFICATE_PREFIX}${cluster}/${certificate}.zip`;
}

export function logUri(names: Names, cluster: string): string {
  return `s3://${names.bucket("logs")}/${clusterLogKey(cluster)}`;
}
