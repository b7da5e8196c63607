import { expect } from "vitest";
import { allows, type AuditedPlan, type ControlCheck, type Inputs } from "./audited-plan";

const perBucket = (plan: AuditedPlan, type: string): Inputs[] => plan.inputsOf(`aws:s3/${type}`);
const buckets = (plan: AuditedPlan): string[] => perBucket(plan, "bucket:Bucket").map(({ bucket }) => bucket as string);
/** Last part of the names of the buckets that lack a resource of this type. */
function without(plan: AuditedPlan, type: string): string[] {
  const having = new Set(perBucket(plan, type).map(({ bucket }) => bucket));
  return buckets(plan)
    .filter((bucket) => !having.has(bucket))
    .map((bucket) => bucket.replace(/^.*-\d-/, ""))
    .sort();
}

const CLOSED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

interface LifecycleRule {
  readonly filter: { readonly prefix?: string; readonly tag?: unknown };
  readonly expiration?: { readonly days?: number };
  readonly noncurrentVersionExpiration?: unknown;
}

const lifecycle = (plan: AuditedPlan, bucket: RegExp): readonly LifecycleRule[] =>
  perBucket(plan, "bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .filter((inputs) => bucket.test(inputs["bucket"] as string))
    .flatMap(({ rules }) => rules as unknown as LifecycleRule[]);

export const BUCKET_CONTROLS: readonly ControlCheck[] = [
  {
    rows: [1, 2, 3, 4],
    says: "every bucket encrypts, all but the access logs with a customer's key and bucket keys",
    check: (plan) => {
      const type = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      expect(without(plan, type)).toEqual([]);
      for (const { bucket, rules } of perBucket(plan, type)) {
        const own = (bucket as string).endsWith("-access-logs");
        expect(rules, bucket as string).toMatchObject([
          {
            applyServerSideEncryptionByDefault: own
              ? { sseAlgorithm: "AES256" }
              : { sseAlgorithm: "aws:kms", kmsMasterKeyId: expect.stringMatching(/^arn:aws:kms:.*:key\//) as string },
            bucketKeyEnabled: !own,
          },
        ]);
      }
    },
  },
  {
    rows: [5],
    says: "every bucket denies what does not come by TLS 1.2 or newer",
    check: (plan) => {
      expect(without(plan, "bucketPolicy:BucketPolicy")).toEqual([]);
      for (const { name, statements } of plan.policiesOf("aws:s3/bucketPolicy:BucketPolicy")) {
        const denied = statements.filter(
          ({ Effect, Principal, Action }) => Effect === "Deny" && Principal === "*" && Action === "s3:*",
        );
        expect(
          denied.map(({ Condition }) => Condition),
          name,
        ).toEqual([{ Bool: { "aws:SecureTransport": "false" } }, { NumericLessThan: { "s3:TlsVersion": "1.2" } }]);
      }
    },
  },
  {
    rows: [6, 7, 8, 9],
    says: "nothing is public, by bucket and by account, and there are no ACLs",
    check: (plan) => {
      expect(without(plan, "bucketPublicAccessBlock:BucketPublicAccessBlock")).toEqual([]);
      expect(without(plan, "bucketOwnershipControls:BucketOwnershipControls")).toEqual([]);
      for (const block of perBucket(plan, "bucketPublicAccessBlock:BucketPublicAccessBlock")) {
        expect(block).toMatchObject(CLOSED);
      }
      expect(perBucket(plan, "accountPublicAccessBlock:AccountPublicAccessBlock")).toMatchObject([CLOSED]);
      for (const { rule } of perBucket(plan, "bucketOwnershipControls:BucketOwnershipControls")) {
        expect(rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
      }
      expect(plan.named(/^aws:s3\/.*acl/i)).toEqual([]);
    },
  },
  {
    rows: [10, 11],
    says: "every bucket keeps versions and logs access, but landing and the access logs themselves",
    check: (plan) => {
      expect(without(plan, "bucketVersioning:BucketVersioning")).toEqual(["landing"]);
      const logs = plan.stack === "prod" ? ["access-logs", "replica-access-logs"] : ["access-logs"];
      expect(without(plan, "bucketLogging:BucketLogging")).toEqual(logs);
    },
  },
  {
    rows: [12, 13],
    says: "every bucket has a lifecycle, drops unfinished uploads after 7 days, and expires old versions",
    check: (plan) => {
      expect(without(plan, "bucketLifecycleConfiguration:BucketLifecycleConfiguration")).toEqual([]);
      for (const inputs of perBucket(plan, "bucketLifecycleConfiguration:BucketLifecycleConfiguration")) {
        const rules = inputs["rules"] as unknown as LifecycleRule[];
        const bucket = inputs["bucket"] as string;
        expect(rules, bucket).toContainEqual(
          expect.objectContaining({ filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }),
        );
        const versioned = !bucket.endsWith("-landing");
        expect(
          rules.some(({ noncurrentVersionExpiration }) => noncurrentVersionExpiration !== undefined),
          bucket,
        ).toBe(versioned);
      }
    },
  },
  {
    rows: [14],
    says: "where a second region is asked for, raw and lake are copied there whole, and nothing else is",
    check: (plan) => {
      const configs = perBucket(plan, "bucketReplicationConfig:BucketReplicationConfig");
      const copied = configs.map(({ bucket }) => (bucket as string).replace(/^.*-/, "")).sort();
      expect(copied).toEqual(plan.stack === "prod" ? ["lake", "raw"] : []);
      for (const { rules } of configs) expect(rules).toMatchObject([{ status: "Enabled", filter: {} }]);
    },
  },
  {
    rows: [17, 19],
    says: "no bucket grants another account anything, nor denies everybody for good",
    check: (plan) => {
      for (const { name, statements } of plan.policiesOf("aws:s3/bucketPolicy:BucketPolicy")) {
        for (const { Principal, Condition } of statements.filter(allows)) {
          expect(Object.keys(Principal ?? {}), name).toEqual(["Service"]);
          expect(Condition, name).toMatchObject({ StringEquals: { "aws:SourceAccount": "111122223333" } });
        }
        for (const each of statements.filter((statement) => !allows(statement))) {
          expect(Object.keys(each.Condition ?? {}), name).not.toEqual([]);
        }
      }
    },
  },
  {
    rows: [20],
    says: "no access point is a second way in",
    check: (plan) => expect(plan.named(/^aws:s3\/(accessPoint|bucketWebsite)|s3control/)).toEqual([]),
  },
  {
    rows: [],
    says: "no lifecycle expires a live file of the lake's tables, nor raw before its retention",
    check: (plan) => {
      const expiring = (bucket: RegExp): readonly LifecycleRule[] =>
        lifecycle(plan, bucket).filter(({ expiration }) => expiration?.days !== undefined);
      expect(lifecycle(plan, /-lake$/)).not.toEqual([]);
      expect(expiring(/-lake$/)).toEqual([]);
      const raw = expiring(/-raw$/).map(({ filter, expiration }) => [filter.prefix, expiration?.days]);
      // What an upload says of its object outlives the object.
      const expected = { "events/": 400, "places/": 800, "unrelated/": 400, "_uploads/": 807 };
      expect(Object.fromEntries(raw)).toEqual(expected);
      for (const { filter } of expiring(/-landing$/))
        expect(filter.tag).toEqual({ key: "basin:copied", value: "true" });
    },
  },
];
