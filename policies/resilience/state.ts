import type { Rule } from "../rule";

/** What cannot be made again from anything else: with the resource goes what it holds. */
const STATEFUL = [
  "aws:dynamodb/table:Table",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
] as const;

export const statefulProtected: Rule = {
  name: "stateful-resource-protected",
  group: "resilience",
  description: "What holds data is protected: no deployment deletes or replaces it by mistake.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: STATEFUL,
  scope: "resource",
  *check({ opts }) {
    if (opts.protect === true) return;
    yield {
      message: "a deployment may delete it with all that it holds",
      value: opts.protect,
      fix: "{ protect: true }",
    };
  },
};

export const bucketForceDestroy: Rule = {
  name: "s3-bucket-force-destroy",
  group: "resilience",
  description: "A bucket that holds objects is not deleted.",
  enforcement: { dev: "disabled", prod: "mandatory" },
  types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  scope: "resource",
  *check({ props }) {
    const { forceDestroy } = props;
    if (forceDestroy === undefined || forceDestroy === false) return;
    yield { message: "the bucket is emptied to be deleted", value: forceDestroy, fix: "forceDestroy: false" };
  },
};
