import { bucketEncryption } from "./encryption/bucket";
import { clusterPlacement } from "./placement/cluster-subnets";
import type { Rule } from "./rule";

/** The whole pack, by group. */
export const RULES: readonly Rule[] = [
  // Encryption
  bucketEncryption,
  // Placement
  clusterPlacement,
];
