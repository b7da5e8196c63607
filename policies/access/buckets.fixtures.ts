import type { Subject } from "../rule";
import { shapes, stacks, together, type Fixtures } from "../testing/fixtures";
import { subject } from "../testing/subjects";
import * as rules from "./buckets";

const ALL = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const bucket = subject("aws:s3/bucket:Bucket", "it", { bucket: "it" });
const block = (props: Record<string, unknown>): Subject[] => [
  bucket,
  subject("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", { bucket: "it", ...props }),
];
const ownership = (objectOwnership: unknown): Subject[] => [
  bucket,
  subject("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "o", { bucket: "it", rule: { objectOwnership } }),
];
const publicBlock = stacks(rules.bucketPublicAccess, "public access to the bucket is not blocked in all four ways", {
  passing: { "all four": block(ALL) },
  failing: {
    "one missing": block({ ...ALL, ignorePublicAcls: undefined }),
    "one off": block({ ...ALL, blockPublicPolicy: false }),
    "a text": block({ ...ALL, blockPublicAcls: "true" }),
  },
});
const owned = stacks(rules.bucketOwnership, "access lists can open the bucket's objects", {
  passing: { enforced: ownership("BucketOwnerEnforced") },
  failing: { preferred: ownership("BucketOwnerPreferred"), nothing: ownership(undefined) },
});
const grants = (uri: string): Record<string, unknown> => ({ accessControlPolicy: { grants: [{ grantee: { uri } }] } });

export const fixtures: readonly Fixtures[] = [
  together(
    publicBlock,
    stacks(rules.bucketPublicAccess, "nothing blocks public access to the bucket", {
      passing: {},
      failing: { none: [bucket] },
    }),
  ),
  together(
    owned,
    stacks(rules.bucketOwnership, "the bucket does not say who owns its objects", {
      passing: {},
      failing: { none: [bucket] },
    }),
  ),
  shapes(rules.accountPublicAccess, "public access to the account's buckets is not blocked in all four ways", {
    passing: { "all four": ALL },
    failing: { nothing: {}, "one off": { ...ALL, restrictPublicBuckets: false } },
  }),
  shapes(rules.accessPointPublicAccess, "public access to the access point is not blocked in all four ways", {
    passing: { "all four": { publicAccessBlockConfiguration: ALL } },
    failing: { nothing: {}, "one off": { publicAccessBlockConfiguration: { ...ALL, blockPublicAcls: false } } },
  }),
  shapes(rules.bucketAcl, "an access list opens the bucket to others", {
    type: "aws:s3/bucketAcl:BucketAcl",
    passing: {
      private: { acl: "private" },
      "a grant to its owner": grants("http://acs.amazonaws.com/groups/s3/LogDelivery"),
    },
    failing: {
      "everybody reads": { acl: "public-read" },
      "every account reads": { acl: "authenticated-read" },
      "a grant to everybody": grants("http://acs.amazonaws.com/groups/global/AllUsers"),
    },
  }),
];
