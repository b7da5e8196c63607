import { beforeAll, describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { BUCKET_ROLES } from "../names";
import { DataLake } from "./index";

const STATEFUL = ["aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:dynamodb/table:Table"];
const declareLake = (environment: "dev" | "prod"): Promise<Recorded> => {
  const example = exampleEnvironment(environment);
  return recordComponents(example, () => new DataLake("lake", { environment: example }));
};

describe("DataLake in prod", () => {
  let recorded: Recorded;
  beforeAll(async () => void (recorded = await declareLake("prod")));

  it.each(BUCKET_ROLES)("guards %s with everything that the provider keeps apart from the bucket", (role) => {
    const bucket = recorded.get("aws:s3/bucket:Bucket", `lake-${role}`).outputs["bucket"];
    const ofBucket = (type: string) => recorded.ofType(type).filter(({ inputs }) => inputs["bucket"] === bucket);
    for (const part of [
      "bucketOwnershipControls:BucketOwnershipControls",
      "bucketPublicAccessBlock:BucketPublicAccessBlock",
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "bucketPolicy:BucketPolicy",
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ]) {
      expect(ofBucket(`aws:s3/${part}`), part).toHaveLength(1);
    }
    expect(ofBucket("aws:s3/bucketVersioning:BucketVersioning")).toHaveLength(role === "landing" ? 0 : 1);
    expect(ofBucket("aws:s3/bucketLogging:BucketLogging")).toHaveLength(role === "access-logs" ? 0 : 1);
  });

  it("encrypts each bucket with its domain's key and a bucket key; access logs with S3's own", () => {
    const encryption = (role: string) =>
      recorded.get(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        `lake-${role}-encryption`,
      ).inputs["rules"];
    const keyArn = (domain: string) => recorded.get("aws:kms/key:Key", `lake-key-${domain}`).outputs["arn"];
    const withKey = (domain: string) => [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn(domain) },
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
      },
    ];
    for (const role of ["landing", "raw", "lake", "artifacts"]) expect(encryption(role)).toEqual(withKey("lake"));
    expect(encryption("logs")).toEqual(withKey("logs"));
    expect(encryption("access-logs")).toMatchObject([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
    ]);
  });

  it("takes inventories of what is too large to list, and measures requests by zone", () => {
    expect(recorded.ofType("aws:s3/inventory:Inventory").map(({ name }) => name)).toEqual([
      "lake-lake-inventory",
      "lake-raw-inventory",
    ]);
    expect(recorded.ofType("aws:s3/bucketMetric:BucketMetric").map(({ inputs }) => inputs["name"])).toEqual(
      expect.arrayContaining(["landing", "raw", "silver", "gold"]),
    );
  });

  it("protects and retains every stateful leaf, and retains the guards of a bucket that outlives it", () => {
    for (const type of STATEFUL) {
      for (const { name, options } of recorded.ofType(type)) {
        expect(options, name).toMatchObject({ protect: true, retainOnDelete: true });
      }
    }
    for (const { name, type, options } of recorded.resources.filter((resource) =>
      /^aws:s3\/bucket./.test(resource.type),
    )) {
      expect(options.retainOnDelete, `${type} ${name}`).toBe(true);
    }
  });

  it("has a log-store table with Delta's own keys, and no table forgets on its own", () => {
    const tables = recorded.ofType("aws:dynamodb/table:Table");
    for (const { inputs } of tables) {
      expect(inputs).not.toHaveProperty("ttl");
      expect(inputs).toMatchObject({
        billingMode: "PAY_PER_REQUEST",
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
        serverSideEncryption: { enabled: true },
      });
    }
    const logStore = recorded.get("aws:dynamodb/table:Table", "lake-log-store").inputs;
    expect(logStore).toMatchObject({ name: "basin-prod-log-store", hashKey: "tablePath", rangeKey: "fileName" });
  });

  it("rotates every key and leaves 30 days to change one's mind", () => {
    const keys = recorded.ofType("aws:kms/key:Key");
    expect(keys.map(({ name }) => name)).toEqual([
      "lake-key-lake",
      "lake-key-logs",
      "lake-key-secrets",
      "lake-key-streams",
    ]);
    for (const { inputs } of keys) expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });
});

it("DataLake in dev leaves with its program: nothing is protected or retained", async () => {
  const recorded = await declareLake("dev");
  for (const { options } of recorded.resources)
    expect(options).toMatchObject({ protect: false, retainOnDelete: false });
});

describe("a stack of which every dataset is released", () => {
  const datasets = [exampleDataset("places", { disposable: true })];
  const settings = { deletion: { allow: ["places"], until: "2100-01-01" } };
  const declared = (stack: "dev" | "prod"): Promise<Recorded> => {
    const environment = exampleEnvironment(stack, { datasets, settings });
    return recordComponents(environment, () => new DataLake("lake", { environment }));
  };
  const destroyable = (recorded: Recorded): unknown[] => [
    ...new Set(recorded.ofType("aws:s3/bucket:Bucket").map(({ inputs }) => inputs["forceDestroy"])),
    ...new Set(recorded.ofType("aws:dynamodb/table:Table").map(({ inputs }) => !inputs["deletionProtectionEnabled"])),
  ];

  it("may be destroyed with all that lies in it in dev", async () =>
    expect(destroyable(await declared("dev"))).toEqual([true, true]));

  it("may not in prod", async () => expect(destroyable(await declared("prod"))).toEqual([false, false]));
});
