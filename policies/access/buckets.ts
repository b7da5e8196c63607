import { BUCKET_TYPES } from "../models/buckets";
import { propertyRule } from "../property-rule";
import { object, objects, text } from "../reading";
import type { Finding, Props, Rule } from "../rule";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;
const FIX = FLAGS.map((flag) => `${flag}: true`).join(", ");

function* checkFlags(props: Props, of: string): Iterable<Finding> {
  const open = FLAGS.filter((flag) => props[flag] !== true);
  if (open.length > 0) {
    const value = Object.fromEntries(open.map((flag) => [flag, props[flag] ?? null]));
    yield { message: `public access to ${of} is not blocked in all four ways`, value, fix: FIX };
  }
}

export const bucketPublicAccess: Rule = {
  name: "s3-bucket-public-access-block",
  group: "access",
  description: "A bucket blocks public access in all four ways.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    const blocks = stack.referring(["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"], "bucket", bucket);
    if (blocks.length === 0) {
      const fix = `new s3.BucketPublicAccessBlock("x", { bucket: bucket.bucket, ${FIX} });`;
      yield { message: "nothing blocks public access to the bucket", fix };
    }
    for (const { props } of blocks) yield* checkFlags(props, "the bucket");
  },
};

export const accountPublicAccess: Rule = {
  name: "s3-account-public-access-block",
  group: "access",
  description: "The account blocks public access to every bucket in all four ways.",
  enforcement: "mandatory",
  types: ["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
  scope: "resource",
  *check({ props }) {
    yield* checkFlags(props, "the account's buckets");
  },
};

export const accessPointPublicAccess: Rule = {
  name: "s3-access-point-public-access-block",
  group: "access",
  description: "An access point blocks public access in all four ways.",
  enforcement: "mandatory",
  types: ["aws:s3/accessPoint:AccessPoint"],
  scope: "resource",
  *check({ props }) {
    yield* checkFlags(object(objects(props.publicAccessBlockConfiguration)[0]), "the access point");
  },
};

export const bucketOwnership: Rule = {
  name: "s3-bucket-ownership",
  group: "access",
  description: "A bucket's owner owns its objects, and access lists are off.",
  enforcement: "mandatory",
  types: BUCKET_TYPES,
  scope: "stack",
  *check(bucket, stack) {
    const controls = stack.referring(["aws:s3/bucketOwnershipControls:BucketOwnershipControls"], "bucket", bucket);
    const fix = 'rule: { objectOwnership: "BucketOwnerEnforced" }';
    if (controls.length === 0) yield { message: "the bucket does not say who owns its objects", fix };
    for (const { props } of controls) {
      const ownership = text(object(objects(props.rule)[0]).objectOwnership);
      if (ownership === "BucketOwnerEnforced") continue;
      yield { message: "access lists can open the bucket's objects", value: ownership, fix };
    }
  },
};

const PRIVATE_ACLS = ["private", "log-delivery-write", "bucket-owner-full-control", "bucket-owner-read"];

export const bucketAcl = propertyRule({
  name: "s3-bucket-acl",
  group: "access",
  description: "No access list opens a bucket.",
  enforcement: "mandatory",
  types: ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2", ...BUCKET_TYPES],
  applies: (props) => props.acl !== undefined || props.accessControlPolicy !== undefined,
  value: (props) => props.acl ?? props.accessControlPolicy,
  holds: (value) =>
    typeof value === "string"
      ? PRIVATE_ACLS.includes(value)
      : objects(object(value).grants).every(
          ({ grantee }) => !/AllUsers|AuthenticatedUsers/.test(text(object(objects(grantee)[0]).uri) ?? ""),
        ),
  message: "an access list opens the bucket to others",
  fix: 'acl: "private"',
});
