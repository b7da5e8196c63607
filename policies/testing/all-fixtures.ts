import { fixtures as bucketEncryption } from "../encryption/bucket.fixtures";
import { fixtures as clusterPlacement } from "../placement/cluster-subnets.fixtures";
import type { Fixtures } from "./fixtures";

export const ALL_FIXTURES: readonly Fixtures[] = [bucketEncryption, clusterPlacement];
